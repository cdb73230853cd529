namespace NovaId.Pages.Tests.Browsers;

/// <summary>The browser of this machine: the one that <c>NOVAID_CHROMIUM</c> names, else the one that is installed.</summary>
internal static class Chromium
{
    private const string Variable = "NOVAID_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    /// <summary>Why there is none.</summary>
    public const string Missing = $"there is no Chromium on the PATH (apt-get install chromium), and {Variable} names none";

    /// <summary>Where it is; null if there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
