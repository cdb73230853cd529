using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Pages.Gateway;

/// <summary>Where somebody goes to show who they are, and comes back from.</summary>
public static class LoginAddress
{
    private const string Login = "/.ory/kratos/public/self-service/login/browser";

    /// <summary>Logs in.</summary>
    /// <param name="returnTo">The page to come back to.</param>
    /// <returns>The address at the gateway.</returns>
    public static string First(string? returnTo) => With(returnTo);

    /// <summary>Shows a second factor.</summary>
    /// <param name="returnTo">The page to come back to.</param>
    /// <returns>The address at the gateway.</returns>
    public static string SecondFactor(string? returnTo) => With(returnTo, ("aal", "aal2"));

    /// <summary>Shows again who one is, because it was long ago.</summary>
    /// <param name="returnTo">The page to come back to.</param>
    /// <returns>The address at the gateway.</returns>
    public static string Again(string? returnTo) => With(returnTo, ("refresh", "true"));

    private static string With(string? returnTo, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var address = Login;
        foreach (var (name, value) in query)
        {
            address = QueryHelpers.AddQueryString(address, name, value);
        }

        return returnTo is null ? address : QueryHelpers.AddQueryString(address, "return_to", returnTo);
    }
}
