namespace NovaId.Contract.Drivers;

/// <summary>A client registered in Hydra.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">The client secret; null for a public client.</param>
public sealed record OAuth2Client(string Id, string? Secret)
{
    /// <summary>Where every client of the suite takes its authorization codes.</summary>
    public const string RedirectUri = "http://127.0.0.1:3000/callback";

    /// <summary>The client without its secret, so that no log shows it.</summary>
    public override string ToString() => Id;
}
