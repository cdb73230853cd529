namespace NovaId.Contract;

/// <summary>A confidential OAuth2 client (RFC 6749, section 2.1).</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">The client secret.</param>
public sealed record ServiceClient(string Id, string Secret)
{
    /// <summary>The client without its secret, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => Id;
}
