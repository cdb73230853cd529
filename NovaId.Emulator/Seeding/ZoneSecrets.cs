using System.Buffers.Text;
using System.Security.Cryptography;
using NovaId.Demo;

namespace NovaId.Emulator.Seeding;

/// <summary>Every secret of one zone, made for it and gone with it.</summary>
internal sealed record ZoneSecrets(
    string Cookie, string Default, string Cipher, string Pagination, string System, string ApiClient, string OperatorClient, string AccountsClient,
    string DemoClient)
{
    public static ZoneSecrets Generate() => new(Next(), Next(), Next()[..32], Next(), Next(), Next(), Next(), Next(), Next());

    /// <summary>The secret of a client of <c>hydra/clients.json</c>.</summary>
    public string OfClient(string id) => id switch
    {
        "novaid-api" => ApiClient,
        "novaid-operator" => OperatorClient,
        "novaid-accounts" => AccountsClient,
        DemoApplication.ClientId => DemoClient,
        _ => throw new InvalidOperationException($"hydra/clients.json names {id}, which the zone has no secret for."),
    };

    /// <summary>192 random bits that are safe in an address, a header and a shell.</summary>
    public static string Password() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)).TrimStart('-');

    private static string Next() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Names nothing: a record would print its members.</summary>
    public override string ToString() => nameof(ZoneSecrets);
}
