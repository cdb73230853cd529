using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Kratos;

/// <summary>What the extension <c>ory.sh/kratos</c> says of a trait.</summary>
/// <param name="PasswordIdentifier">It signs in together with a password.</param>
/// <param name="CodeIdentifier">A code is sent to it.</param>
/// <param name="PasskeyName">Authenticators show it as the name of a passkey.</param>
/// <param name="TotpName">Authenticator apps show it as the name of an account.</param>
/// <param name="NamesAnAccount">Some method shows it to the user as the account's name.</param>
/// <param name="VerifiedVia">How it is verified; null if it is not.</param>
/// <param name="RecoversVia">How it recovers the account; null if it does not.</param>
internal sealed record SchemaExtension(
    bool PasswordIdentifier, bool CodeIdentifier, bool PasskeyName, bool TotpName, bool NamesAnAccount, string? VerifiedVia, string? RecoversVia)
{
    private static readonly string[] Known =
    [
        "credentials.password.identifier",
        "credentials.webauthn.identifier",
        "credentials.code.identifier",
        "credentials.code.via",
        "credentials.passkey.display_name",
        "credentials.totp.account_name",
        "verification.via",
        "recovery.via",
    ];

    private static readonly SchemaExtension None = new(false, false, false, false, false, null, null);

    public static SchemaExtension Read(ConfigurationNode? node)
    {
        if (node is null)
        {
            return None;
        }

        foreach (var (path, leaf) in Leaves(node, ""))
        {
            if (!Known.Contains(path))
            {
                throw leaf.Error("is a key of ory.sh/kratos that the emulator does not know. Correct it, or run the zone on real Ory.");
            }
        }

        var password = node["credentials.password.identifier"].Boolean(false);
        var code = node["credentials.code.identifier"].Boolean(false);
        if (code)
        {
            node["credentials.code.via"].OneOf("", "email");
        }

        var passkey = node["credentials.passkey.display_name"].Boolean(false);
        var totp = node["credentials.totp.account_name"].Boolean(false);
        return new SchemaExtension(
            password,
            code,
            passkey,
            totp,
            password || code || passkey || totp || node["credentials.webauthn.identifier"].Boolean(false),
            Via(node["verification.via"]),
            Via(node["recovery.via"]));
    }

    private static string? Via(ConfigurationNode node) => node.Exists ? node.OneOf("", "email") : null;

    private static IEnumerable<(string Path, ConfigurationNode Leaf)> Leaves(ConfigurationNode node, string path) =>
        node.IsMapping ? node.Entries.SelectMany(entry => Leaves(entry.Value, ConfigurationNode.Join(path, entry.Key))) : [(path, node)];
}
