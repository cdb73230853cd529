namespace NovaId.Emulator.Kratos;

/// <summary>Where a browser may be sent to after a flow: only to addresses that the configuration allows, or Kratos' own.</summary>
internal sealed class ReturnTo(KratosConfiguration configuration)
{
    /// <summary>The address that a request asks for in <c>return_to</c>, or the default; one that is not allowed is refused.</summary>
    public string Resolve(string? requested, string fallback)
    {
        if (string.IsNullOrEmpty(requested))
        {
            return fallback;
        }

        var target = Addresses.Split(requested) ?? throw NotAllowed(requested);
        var home = Addresses.Split(fallback)!;
        // A user name before the host would let "allowed.example@evil.example" pass for the allowed host in a reader's eye.
        if (target.Authority.Contains('@', StringComparison.Ordinal))
        {
            throw NotAllowed(requested);
        }

        var authority = target.Authority.Length > 0 ? target.Authority : home.Authority;
        var scheme = target.Scheme.Length > 0 ? target.Scheme : home.Scheme;
        var path = target.Path;
        foreach (var allowed in configuration.AllowedReturnAddresses)
        {
            var entry = Addresses.Split(allowed)!;
            if (string.Equals(entry.Scheme, scheme, StringComparison.OrdinalIgnoreCase)
                && string.Equals(entry.Authority, authority, StringComparison.OrdinalIgnoreCase)
                && OrRoot(path).StartsWith(OrRoot(entry.Path), StringComparison.Ordinal))
            {
                return $"{scheme}://{authority}{path}{target.Rest}";
            }
        }

        throw NotAllowed($"{scheme}://{authority}{path}{target.Rest}");
    }

    private static string OrRoot(string path) => path.Length == 0 ? "/" : path;

    private static KratosException NotAllowed(string address) =>
        KratosException.BadRequest($"Requested return_to URL \"{address}\" is not allowed.", "self_service_flow_return_to_forbidden");
}
