using System.Globalization;
using NovaId.Pages;

namespace NovaId.Demo.Login;

/// <summary>What this app asks for.</summary>
internal static class DemoScopes
{
    public const string Read = "novaid.read";
    public const string Write = "novaid.write";

    public static IReadOnlyList<string> All { get; } = ["openid", "offline_access", "email", "profile", Read, Write];

    public static string TextOf(string scope) =>
        Texts.ResourceManager.GetString($"Scope_{scope.Replace('.', '_')}", CultureInfo.CurrentUICulture) ?? Texts.Scope_Other.Fill(scope);
}
