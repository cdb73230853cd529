namespace NovaId.AppHost.Tests.Zones;

/// <summary>The tables that a drill and the isolation proof answer with.</summary>
internal static class Report
{
    /// <summary>The lines in which what was seen is not what was expected.</summary>
    /// <param name="markdown">The report; null where there is none.</param>
    public static string[] Differences(string? markdown) =>
        [.. (markdown ?? "").Split('\n').Where(line => line.Contains("**differs**", StringComparison.Ordinal))];
}
