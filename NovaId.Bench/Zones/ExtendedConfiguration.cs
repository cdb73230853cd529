using System.Globalization;
using System.Text;

namespace NovaId.Bench.Zones;

/// <summary>A copy of <c>ory-config</c> whose gateway has more access rules, none of which ever matches.</summary>
internal sealed class ExtendedConfiguration : IDisposable
{
    private const string RulesFile = "oathkeeper/access-rules.yml";

    private readonly DirectoryInfo _folder;

    private ExtendedConfiguration(DirectoryInfo folder) => _folder = folder;

    public string Folder => _folder.FullName;

    public static string Source => Path.Combine(AppContext.BaseDirectory, "ory-config");

    /// <summary>How many rules the configuration has of its own.</summary>
    public static int OwnRules => CountRules(File.ReadAllText(Path.Combine(Source, RulesFile)));

    /// <summary>A copy that has so many rules in all.</summary>
    public static ExtendedConfiguration Create(int rules)
    {
        var copy = new ExtendedConfiguration(Directory.CreateTempSubdirectory("novaid-bench-config-"));
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Folder, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var path = Path.Combine(copy.Folder, RulesFile);
        File.AppendAllText(path, Rules(rules - CountRules(File.ReadAllText(path))));
        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static int CountRules(string text) => text.Split('\n').Count(line => line.StartsWith("- id:", StringComparison.Ordinal));

    private static string Rules(int count)
    {
        var text = new StringBuilder();
        for (var number = 1; number <= count; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $"""

                - id: bench-{number:000}
                  version: v26.2.0
                  match:
                    url: '<https?>://<[^/]+>/bench/{number:000}/<[0-9a-f]+>'
                    methods: [GET, POST]
                  upstream:
                    url: http://api:8080
                  authenticators:
                    - handler: noop
                  authorizer:
                    handler: allow
                  mutators:
                    - handler: header

                """);
        }

        return text.ToString();
    }
}
