namespace NovaId.Emulator.Configuration;

/// <summary>Finds the <c>ory-config</c> folder.</summary>
internal static class OryConfigFolder
{
    private const string Name = "ory-config";

    public static string Find(string? given)
    {
        if (given is not null)
        {
            return IsOne(given) ? Path.GetFullPath(given) : throw Missing(given);
        }

        for (var directory = new DirectoryInfo(Directory.GetCurrentDirectory()); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, Name);
            if (IsOne(candidate))
            {
                return candidate;
            }
        }

        var copy = Path.Combine(AppContext.BaseDirectory, Name);
        return IsOne(copy) ? copy : throw Missing(copy);
    }

    private static bool IsOne(string folder) => File.Exists(Path.Combine(folder, "oathkeeper", "oathkeeper.yml"));

    private static ConfigurationException Missing(string folder) =>
        new(folder, 0, "--config", "holds no oathkeeper/oathkeeper.yml. Name the ory-config folder.");
}
