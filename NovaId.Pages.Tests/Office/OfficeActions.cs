namespace NovaId.Pages.Tests.Office;

/// <summary>What officers can do: where a page offers it, and what the API is asked for the same.</summary>
internal static class OfficeActions
{
    /// <summary>The entries of the menu, and what their pages ask.</summary>
    public static IReadOnlyList<(string Page, string Api)> Pages { get; } =
    [
        ("/admin/people", "users?pageSize=1"),
        ("/admin/ranks", "capabilities"),
        ("/admin/why", "permissions/explanation?subject={0}&namespace=Rank&object=Major&relation=atLeast"),
        ("/admin/keys", "keys/all?pageSize=1"),
        ("/admin/log", "logs?pageSize=1"),
        ("/admin/statistics", "logs/stats"),
        ("/admin/chain", "logs/verify"),
    ];

    /// <summary>The forms on a person's page, and what they ask. None changes anything that this person has.</summary>
    public static IReadOnlyList<(string Form, string Method, string Api, object? Body)> Forms(string? rank) =>
    [
        ("/rank", "PUT", "users/{0}/rank", new { rank }),
        ("/state", "PATCH", "users/{0}", new { state = "active" }),
        ("/sessions/end", "DELETE", "users/{0}/sessions", null),
        ("/second-factor/remove", "DELETE", "users/{0}/second-factor", null),
        ("/recovery", "POST", "users/{0}/recovery", null),
    ];
}
