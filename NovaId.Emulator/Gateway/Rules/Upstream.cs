namespace NovaId.Emulator.Gateway.Rules;

/// <summary>Where a rule sends what it lets through.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="BasePath">The path of the address, which is put before the request's; empty for none.</param>
/// <param name="StripPath">What is cut out of the path where it stands first; empty for nothing.</param>
/// <param name="PreserveHost">Whether the upstream sees the Host header of the client.</param>
internal sealed record Upstream(Uri Address, string BasePath, string StripPath, bool PreserveHost)
{
    /// <summary>Host and port as the address has them.</summary>
    public string Authority { get; } = Address.IsDefaultPort ? Address.Host : Address.Authority;

    /// <summary>Scheme and authority, without a slash at the end.</summary>
    public string Prefix { get; } = Address.GetLeftPart(UriPartial.Authority);
}
