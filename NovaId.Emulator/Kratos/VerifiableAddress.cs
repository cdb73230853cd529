using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>An address that its owner can prove to have.</summary>
internal sealed record VerifiableAddress(
    Guid Id,
    string Value,
    string Via,
    bool Verified,
    string Status,
    DateTimeOffset? VerifiedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string Pending = "pending";
    public const string Sent = "sent";
    public const string Completed = "completed";

    /// <summary>The address after its owner has shown that it is theirs.</summary>
    public VerifiableAddress CompletedAt(DateTimeOffset now) => this with { Verified = true, VerifiedAt = now, Status = Completed };

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["value"] = Value,
            ["verified"] = Verified,
            ["via"] = Via,
            ["status"] = Status,
        };
        if (VerifiedAt is not null)
        {
            json["verified_at"] = KratosJson.Time(VerifiedAt.Value);
        }

        json["created_at"] = KratosJson.Time(CreatedAt);
        json["updated_at"] = KratosJson.Time(UpdatedAt);
        return json;
    }
}
