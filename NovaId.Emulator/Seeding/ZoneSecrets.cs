using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aspire.Hosting.Ory;
using NovaId.Demo;
using NovaId.Operator;

namespace NovaId.Emulator.Seeding;

/// <summary>Every secret of one zone, made for it and gone with it. Its own programs have a private key each; the demo, an app of somebody else, has
/// a secret.</summary>
internal sealed record ZoneSecrets(
    string Cookie, string Default, string Cipher, string Pagination, string System, string ApiKey, string OperatorKey, string AccountsKey, string DemoClient)
{
    public static ZoneSecrets Generate() =>
        new(Next(), Next(), Next()[..32], Next(), Next(), GeneratedClientKey.New(), GeneratedClientKey.New(), GeneratedClientKey.New(), Next());

    /// <summary>Says in a client of <c>hydra/clients.json</c> what it proves itself with.</summary>
    public void Register(JsonObject client)
    {
        switch (client["client_id"]!.GetValue<string>())
        {
            case "novaid-api":
                client["jwks"] = GeneratedClientKey.PublicSetOf(ApiKey);
                break;
            case OperatorAccount.DefaultClientId:
                client["jwks"] = GeneratedClientKey.PublicSetOf(OperatorKey);
                break;
            case "novaid-accounts":
                client["jwks"] = GeneratedClientKey.PublicSetOf(AccountsKey);
                break;
            case DemoApplication.ClientId:
                client["client_secret"] = DemoClient;
                break;
            case var id:
                throw new InvalidOperationException($"hydra/clients.json names {id}, which the zone has neither a key nor a secret for.");
        }
    }

    /// <summary>192 random bits that are safe in an address, a header and a shell.</summary>
    public static string Password() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)).TrimStart('-');

    private static string Next() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Names nothing: a record would print its members.</summary>
    public override string ToString() => nameof(ZoneSecrets);
}
