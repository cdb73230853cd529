using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>What Kratos remembers of a mail. Subject and body it shows to nobody, so they are not kept here.</summary>
internal sealed record CourierMessage(Guid Id, Guid DispatchId, string Recipient, string TemplateType, DateTimeOffset CreatedAt)
{
    /// <summary>The one status of a mail here: it is delivered at once.</summary>
    public const string Sent = "sent";

    private const string Redacted = "<redacted-unless-dev-mode>";

    public JsonObject ToJson(bool withDispatches)
    {
        var json = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["status"] = Sent,
            ["type"] = "email",
            ["recipient"] = Recipient,
            ["body"] = Redacted,
            ["subject"] = Redacted,
            ["template_type"] = TemplateType,
            ["channel"] = "email",
            ["send_count"] = 1,
        };
        if (withDispatches)
        {
            json["dispatches"] = new JsonArray(new JsonObject
            {
                ["id"] = DispatchId.ToString(),
                ["message_id"] = Id.ToString(),
                ["status"] = "success",
                ["error"] = null,
                ["created_at"] = KratosJson.Time(CreatedAt),
                ["updated_at"] = KratosJson.Time(CreatedAt),
            });
        }

        json["created_at"] = KratosJson.Time(CreatedAt);
        json["updated_at"] = KratosJson.Time(CreatedAt);
        return json;
    }
}
