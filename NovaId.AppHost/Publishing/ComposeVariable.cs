using System.Text.RegularExpressions;

namespace NovaId.AppHost.Publishing;

/// <summary>
/// Variables of a compose file, which whoever deploys gives in the environment or in <c>.env</c>:
/// <see href="https://docs.docker.com/reference/compose-file/interpolation/"/>.
/// </summary>
internal static partial class ComposeVariable
{
    /// <summary>The gateway's address as its users see it.</summary>
    public const string GatewayAddress = "GATEWAY_ADDRESS";

    /// <summary>The name under which a parameter is given.</summary>
    public static string NameOf(ParameterResource parameter) => parameter.Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>A variable without which nothing starts: an empty secret would be a known one.</summary>
    public static string Required(string name) => $"${{{name}:?set it in .env}}";

    /// <summary>A variable that need not be given.</summary>
    public static string Optional(string name, string otherwise) => $"${{{name}:-{otherwise}}}";

    /// <summary>Makes every plain variable in a text a required one.</summary>
    public static string RequireAll(string text) => Plain().Replace(text, match => Required(match.Groups["name"].Value));

    /// <summary>Whether a text is nothing but a variable.</summary>
    public static bool IsOne(string text) => One().IsMatch(text);

    /// <summary>Text that no variable is looked for in.</summary>
    public static string Literal(string text) => Dollars().Replace(text, "$$$$");

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+)\}")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^\$\{[^}]+\}$")]
    private static partial Regex One();

    /// <summary>Aspire has doubled some already.</summary>
    [GeneratedRegex(@"\$+")]
    private static partial Regex Dollars();
}
