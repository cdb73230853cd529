namespace NovaId.Contract;

/// <summary>A confidential OAuth2 client (RFC 6749, section 2.1), which proves itself with a secret or, <c>private_key_jwt</c>, with a key.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">The client secret; empty where it has a key.</param>
public sealed record ServiceClient(string Id, string Secret)
{
    /// <summary>Its private key, EC P-256 in PKCS#8 and PEM; null where it has a secret.</summary>
    public string? Key { get; private init; }

    /// <summary>What nobody may show: the secret, or of the key a part that is in no other.</summary>
    public string Hidden => Key is null ? Secret : Key.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).MaxBy(part => part.Length)!;

    /// <summary>A client with a key.</summary>
    /// <param name="id">The client id.</param>
    /// <param name="pem">Its private key.</param>
    /// <returns>The client.</returns>
    public static ServiceClient WithKey(string id, string pem) => new(id, "") { Key = pem };

    /// <summary>What a request for a token carries in its form besides what it asks for (RFC 7523, section 2.2); nothing where the client has a
    /// secret.</summary>
    /// <param name="zone">The zone's address, which Hydra compares.</param>
    /// <returns>The fields.</returns>
    public (string Name, string Value)[] Assert(Uri zone)
    {
        if (Key is null)
        {
            return [];
        }

        using var key = ClientKey.Parse(Key);
        var claims = ClientKey.Claims(new OAuth2Client(Id, null), $"{zone.GetLeftPart(UriPartial.Authority)}/oauth2/token");
        return [("client_assertion_type", ClientKey.AssertionType), ("client_assertion", key.Sign(claims))];
    }

    /// <summary>The client without its secret or key, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => Id;
}
