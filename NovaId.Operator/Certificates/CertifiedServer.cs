using System.Globalization;
using System.Text.RegularExpressions;

namespace NovaId.Operator.Certificates;

/// <summary>A server that is given certificates.</summary>
/// <param name="Name">Its name, and that of its folder.</param>
/// <param name="Owner">The numeric id of the user who alone reads its key.</param>
/// <param name="Names">The names by which it is called.</param>
/// <param name="IsRestarted">Whether it is started again for a new certificate, which then counts as long as any may.</param>
internal sealed partial record CertifiedServer(string Name, int Owner, IReadOnlyList<string> Names, bool IsRestarted)
{
    private const string Remedy = "Write a name, the numeric id of the user who reads the key, and host names: kratos=10000:kratos,kratos.example.org";

    /// <summary>Reads <c>NAME=USER:DNS,DNS</c>.</summary>
    /// <exception cref="OperatorException">It is something else; the message names it and the remedy.</exception>
    public static CertifiedServer Parse(string text, bool isRestarted, string option)
    {
        if (Form().Match(text) is not { Success: true } form || !int.TryParse(form.Groups["user"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var owner))
        {
            throw Wrong($"{option} is '{text}'. {Remedy}.");
        }

        string[] names = [.. form.Groups["names"].Value.Split(',').Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.FirstOrDefault(name => Uri.CheckHostName(name) != UriHostNameType.Dns) is { } none
            ? throw Wrong($"{option} gives '{form.Groups["name"].Value}' the name '{none}', which is no host name that a certificate can be for. Write letters, digits, hyphens and dots, and no address; the gateway's is GATEWAY_HOST in .env.")
            : new(form.Groups["name"].Value, owner, names, isRestarted);
    }

    /// <summary>Whether a text can be the name of a folder.</summary>
    public static bool IsFolder(string name) => Folder().IsMatch(name);

    private static OperatorException Wrong(string message) => new(message) { Failure = OperatorFailure.BadInput };

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9-]*)=(?<user>\d+):(?<names>.+)$")]
    private static partial Regex Form();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]*$")]
    private static partial Regex Folder();
}
