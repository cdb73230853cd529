using System.Globalization;
using NovaId.Pages;

namespace NovaId.Accounts.Consent;

/// <summary>Scopes and capabilities in words; one that nobody foresaw is shown as it is, because nothing may be granted unseen.</summary>
internal static class ScopeTexts
{
    public static string Of(string scope) =>
        Texts.ResourceManager.GetString($"Scope_{Key(scope)}", CultureInfo.CurrentUICulture)
            ?? Texts.Scope_Other.Fill(scope);

    public static string Capability(string capability) =>
        Texts.ResourceManager.GetString($"Capability_{Key(capability)}", CultureInfo.CurrentUICulture) ?? capability;

    private static string Key(string name) => name.Replace('.', '_');
}
