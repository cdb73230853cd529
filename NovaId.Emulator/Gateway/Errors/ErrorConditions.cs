using Microsoft.AspNetCore.WebUtilities;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Errors;

/// <summary>When an error handler answers (<c>when</c>): one of several conditions, or always where there is none.</summary>
internal sealed class ErrorConditions
{
    /// <summary>The keys of a handler's configuration that say when.</summary>
    public static readonly string[] Keys = ["when[].error[]", "when[].request.header.accept[]", "when[].request.header.content_type[]"];

    private const string Unknown = "application/octet-stream";

    /// <summary>The names of the statuses with which the gateway refuses.</summary>
    private static readonly string[] Statuses =
        [.. new[] { 401, 403, 404, 429, 500 }.Select(NameOf)];

    private readonly IReadOnlyList<Condition> _conditions;

    private ErrorConditions(IReadOnlyList<Condition> conditions) => _conditions = conditions;

    public static ErrorConditions Read(ConfigurationNode configuration) =>
        new([.. configuration["when"].Items.Select(node => new Condition(
            [.. node["error"].Items.Select(error => error.OneOf("", Statuses))],
            node["request.header.accept"].Strings(),
            node["request.header.content_type"].Strings()))]);

    public bool Hold(GatewayRequest request, GatewayException error) =>
        _conditions.Count == 0 || _conditions.Any(condition =>
            (condition.Errors.Count == 0 || condition.Errors.Contains(NameOf(error.Status)))
            && Matches(request.Header("Content-Type"), condition.ContentType)
            && Matches(request.Header("Accept"), condition.Accept));

    private static string NameOf(int status) =>
        ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant().Replace(' ', '_').Replace("'", "", StringComparison.Ordinal);

    /// <summary>What the request says must be on the list; a wildcard of the request counts only where the list has the same.</summary>
    private static bool Matches(string header, IReadOnlyList<string> wanted) =>
        wanted.Count == 0 || (header.Length == 0 ? Unknown : header).Split(',').Any(part =>
        {
            var type = part.Split(';')[0].Trim();
            return wanted.Any(one => one == "*/*" || type == one || (one.EndsWith("/*", StringComparison.Ordinal) && type.Split('/')[0] == one[..^2]));
        });

    private sealed record Condition(IReadOnlyList<string> Errors, IReadOnlyList<string> Accept, IReadOnlyList<string> ContentType);
}
