namespace NovaId.Pages.Configuration;

/// <summary>Where browsers know the pages: the zone's own origin, unless the app stands elsewhere.</summary>
/// <param name="Value">Scheme, host and port (RFC 6454). Forms are taken from pages of this origin only.</param>
public sealed record PageOrigin(string Value)
{
    /// <summary>Whether browsers reach it by https.</summary>
    public bool IsSecure => Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}
