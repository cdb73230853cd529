namespace NovaId.Accounts.Configuration;

/// <summary>Who these pages are for Hydra's admin routes: section <c>Gateway</c>.</summary>
internal sealed class ServiceClientOptions
{
    public const string DefaultClientId = "novaid-accounts";

    /// <summary>The OAuth2 client.</summary>
    public string ClientId { get; set; } = DefaultClientId;

    /// <summary>The secret of <see cref="ClientId"/>.</summary>
    public string? ClientSecret { get; set; }
}
