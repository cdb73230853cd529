using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Admin.Log;

/// <summary>Which decisions, as it stands in the address.</summary>
public sealed record LogFilter(string? Subject, string? Allowed)
{
    public static LogFilter Read(IQueryCollection query) => new(Text(query["subject"]), Text(query["allowed"]));

    public static LogFilter Of(string subject) => new(subject, null);

    public bool IsEmpty => this is { Subject: null, Allowed: null };

    /// <summary>The page that shows them.</summary>
    public string Address(string? page = null) => With(LogEndpoints.Path, ("page", page));

    /// <summary>What the API is asked.</summary>
    public string Query(int size, string? page) => With("logs", ("pageSize", $"{size}"), ("pageToken", page));

    private string With(string path, params (string Name, string? Value)[] more) => QueryHelpers.AddQueryString(
        path,
        new[] { ("subject", Subject), ("allowed", Allowed) }.Concat(more)
            .Where(part => !string.IsNullOrEmpty(part.Item2))
            .Select(part => KeyValuePair.Create(part.Item1, part.Item2)));

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
