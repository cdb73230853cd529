using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;
using NovaId.Emulator.Hydra;

namespace NovaId.Emulator.Kratos;

/// <summary>Codes that an administrator hands to somebody who must get back into an account.</summary>
internal sealed class RecoveryCodeEndpoints(KratosConfiguration configuration, RecoveryEndpoints recovery, IdentityStore identities, OneTimeCodes codes)
{
    private static readonly GoType Body = GoType.Struct(
        "code.createRecoveryCodeForIdentityBody",
        ("identity_id", GoType.TextNamed("uuid.UUID")),
        ("expires_in", GoType.Text),
        ("flow_type", GoType.TextNamed("flow.Type")));

    public void Map(Routes routes)
    {
        routes.Map("POST", "/admin/recovery/code", CreateAsync);
        routes.Map("POST", "/admin/recovery/link", _ => throw SelfService.MethodDisabled());
    }

    private async Task CreateAsync(HttpContext http)
    {
        if (!configuration.Methods.Contains(Credential.Code))
        {
            throw SelfService.MethodDisabled();
        }

        var body = await JsonBody.ReadAsync(http.Request);
        if (Body.Mismatch(body) is { } mismatch)
        {
            throw KratosException.BadRequest($"Unable to decode JSON payload: {mismatch}");
        }

        var text = Text(body, "identity_id");
        if (!GoUuid.TryParse(text.Length == 0 ? Guid.Empty.ToString() : text, out var identityId))
        {
            throw KratosException.BadRequest($"Unable to decode JSON payload: uuid: incorrect UUID length {text.Length} in string \"{text}\"");
        }

        var lifespan = configuration.CodeLifespan;
        if (Text(body, "expires_in") is { Length: > 0 } given && !GoDuration.TryParse(given, out lifespan))
        {
            throw KratosException.BadRequest(
                $"Unable to parse \"expires_in\" whose format should match \"[0-9]+(ns|us|ms|s|m|h)\" but did not: {given}");
        }

        if (lifespan <= TimeSpan.Zero)
        {
            throw KratosException.BadRequest($"Value from \"expires_in\" must result to a future time: {GoDuration.Format(lifespan)}");
        }

        var type = Text(body, "flow_type") is { Length: > 0 } named ? named : "browser";
        if (type is not ("browser" or "api"))
        {
            throw KratosException.BadRequest($"Value from \"flow_type\" is not valid: \"{type}\"");
        }

        var identity = identities.Find(identityId) ?? throw new KratosException(404, KratosException.NoRows().Message, reason: "could not find identity");
        var flow = recovery.StartFor(http, type == "browser", lifespan);
        var code = codes.Create(flow.Id, identity.Id, address: null, lifespan);
        await KratosJson.WriteAsync(http, 201, new JsonObject
        {
            ["recovery_link"] = Addresses.SetQuery(configuration.PageOf(FlowKind.Recovery), ("flow", flow.Id.ToString())),
            ["recovery_code"] = code,
            ["expires_at"] = KratosJson.Time(flow.ExpiresAt),
        });
    }

    private static string Text(JsonElement body, string name) => GoJson.Member(body, name)?.GetString() ?? "";
}
