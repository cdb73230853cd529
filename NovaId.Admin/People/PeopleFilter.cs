using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Admin.People;

/// <summary>Which people, as it stands in the address.</summary>
public sealed record PeopleFilter(string? Email, string? Rank, string? State)
{
    public static PeopleFilter Read(IQueryCollection query) => new(Text(query["email"]), Text(query["rank"]), Text(query["state"]));

    public static PeopleFilter Of(string rank) => new(null, rank, null);

    public bool IsEmpty => this is { Email: null, Rank: null, State: null };

    /// <summary>The page that shows them.</summary>
    public string Address(string? page = null) => With(PeopleEndpoints.Path, ("page", page));

    /// <summary>What the API is asked.</summary>
    public string Query(int size, string? page) => With("users/search", ("pageSize", $"{size}"), ("pageToken", page));

    private string With(string path, params (string Name, string? Value)[] more) => QueryHelpers.AddQueryString(
        path,
        new[] { ("email", Email), ("rank", Rank), ("state", State) }.Concat(more)
            .Where(part => !string.IsNullOrEmpty(part.Item2))
            .Select(part => KeyValuePair.Create(part.Item1, part.Item2)));

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
