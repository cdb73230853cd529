namespace NovaId.Pages.Gateway;

/// <summary>What the API wants to know before it does what changes other people, rights or the account itself.</summary>
/// <param name="Missing">recentLogin, secondFactor, or both.</param>
/// <param name="CanStepUp">Whether the person gets there.</param>
/// <param name="StepUp">Where a browser goes for it.</param>
public sealed record AssuranceGap(IReadOnlyList<string>? Missing, bool CanStepUp, string? StepUp)
{
    private const string SelfService = "/.ory/kratos/public/self-service/";

    /// <summary>The way there and back.</summary>
    /// <param name="returnTo">The page to come back to.</param>
    /// <returns>The address at the gateway; null if there is no way.</returns>
    public string? AddressFor(string? returnTo)
    {
        if (!CanStepUp || !Uri.TryCreate(StepUp, UriKind.Absolute, out var address) || !address.AbsolutePath.StartsWith(SelfService, StringComparison.Ordinal))
        {
            return null;
        }

        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        return returnTo is null || query.ContainsKey("return_to")
            ? address.PathAndQuery
            : Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(address.PathAndQuery, "return_to", returnTo);
    }
}
