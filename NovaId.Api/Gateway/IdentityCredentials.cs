namespace NovaId.Api.Gateway;

/// <summary>The ways in which a person signs in, as far as <c>ory-config/kratos/kratos.yml</c> turns them on.</summary>
internal sealed record IdentityCredentials
{
    /// <summary>Those that Kratos 26.2 counts as a second factor, and that an administrator can take away.</summary>
    public static IReadOnlyList<string> SecondFactors { get; } = ["totp", "lookup_secret"];

    public IdentityCredential? Password { get; init; }

    public IdentityCredential? Passkey { get; init; }

    public IdentityCredential? Code { get; init; }

    public IdentityCredential? Totp { get; init; }

    public IdentityCredential? LookupSecret { get; init; }

    /// <summary>Those that are set up, by their names in Kratos.</summary>
    public IEnumerable<(string Type, IdentityCredential Credential)> SetUp() =>
        new (string Type, IdentityCredential? Credential)[]
        {
            ("password", Password), ("passkey", Passkey), ("code", Code), ("totp", Totp), ("lookup_secret", LookupSecret),
        }
        .Where(one => one.Credential is not null).Select(one => (one.Type, one.Credential!));
}
