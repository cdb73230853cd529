using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace NovaId.Bench.Starts;

/// <summary>
/// What the AppHost publishes, read back for the start that knows nothing of it: every service but those whose image one has to build.
/// See <see href="https://docs.docker.com/reference/compose-file/"/>.
/// </summary>
internal static partial class ComposeFile
{
    /// <param name="folder">The published folder.</param>
    /// <param name="variables">What its variables stand for.</param>
    /// <param name="open">The port of 127.0.0.1 for the one service that opens one.</param>
    /// <param name="contents">Where files are put whose text the compose file holds itself.</param>
    /// <returns>The services, and the options of each network for <c>docker network create</c>.</returns>
    /// <exception cref="BenchException">A variable is not known.</exception>
    public static (IReadOnlyList<FloorService> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Networks) Read(
        string folder, IReadOnlyDictionary<string, string> variables, int open, string contents)
    {
        var file = Map(new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(Path.Combine(folder, "docker-compose.yaml"))));
        var configurations = Map(file["configs"]);
        var services = new List<FloorService>();
        foreach (var (name, value) in Map(file["services"]))
        {
            var service = Map(value);
            if (Text(service["image"]).StartsWith("${", StringComparison.Ordinal))
            {
                continue;
            }

            services.Add(new FloorService
            {
                Name = name,
                Image = Text(service["image"]),
                Entrypoint = [.. Items(service, "entrypoint").Select(Filled)],
                Command = [.. Items(service, "command").Select(Filled)],
                Environment = Members(service, "environment").ToDictionary(pair => pair.Key, pair => Filled(Text(pair.Value))),
                Files = Files(service),
                Networks = [.. Items(service, "networks")],
                Port = Items(service, "ports").Select(port => new FloorPort(open, int.Parse(port.Split(':')[^1], CultureInfo.InvariantCulture))).FirstOrDefault(),
                Health = Members(service, "healthcheck").TryGetValue("test", out var test) ? Filled(Text(((List<object>)test)[1])) : null,
                AfterHealthy = After(service, "service_healthy"),
                AfterEnd = After(service, "service_completed_successfully"),
            });
        }

        return (services, Map(file["networks"]).Where(pair => services.Any(service => service.Networks.Contains(pair.Key)))
            .ToDictionary(pair => pair.Key, pair => Options(Map(pair.Value))));

        Dictionary<string, string> Files(Dictionary<string, object> service)
        {
            var files = new Dictionary<string, string>();
            foreach (var mount in service.TryGetValue("configs", out var mounts) ? (List<object>)mounts : [])
            {
                var (source, target) = (Text(Map(mount)["source"]), Text(Map(mount)["target"]));
                var configuration = Map(configurations[source]);
                if (configuration.TryGetValue("file", out var path))
                {
                    files[target] = Path.GetFullPath(Text(path), folder);
                    continue;
                }

                files[target] = Path.Combine(contents, source);
                File.WriteAllText(files[target], Filled(Text(configuration["content"])));
            }

            return files;
        }

        string Filled(string text) => Variable().Replace(text, match =>
            match.Groups["dollar"].Success ? "$"
            : variables.TryGetValue(match.Groups["name"].Value, out var value) && value.Length > 0 ? value
            : match.Groups["otherwise"].Success ? match.Groups["otherwise"].Value
            : throw new BenchException($"The published zone wants the variable {match.Groups["name"].Value}, for which the benchmark has no value."));
    }

    private static IReadOnlyList<string> Options(Dictionary<string, object> network) =>
    [
        .. Text(network["internal"]) == "true" ? (string[])["--internal"] : [],
        .. Members(network, "driver_opts").SelectMany(option => (string[])["--opt", $"{option.Key}={Text(option.Value)}"]),
    ];

    private static IReadOnlyList<string> After(Dictionary<string, object> service, string condition) =>
        [.. Members(service, "depends_on").Where(pair => Text(Map(pair.Value)["condition"]) == condition).Select(pair => pair.Key)];

    private static Dictionary<string, object> Members(Dictionary<string, object> map, string key) =>
        map.TryGetValue(key, out var value) ? Map(value) : [];

    private static IEnumerable<string> Items(Dictionary<string, object> map, string key) =>
        map.TryGetValue(key, out var value) ? ((List<object>)value).Select(Text) : [];

    private static Dictionary<string, object> Map(object? value) =>
        ((Dictionary<object, object>)value!).ToDictionary(pair => Text(pair.Key), pair => pair.Value);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    [GeneratedRegex(@"(?<dollar>\$\$)|\$\{(?<name>[A-Z0-9_]+)(:-(?<otherwise>[^}]*)|:\?[^}]*)?\}")]
    private static partial Regex Variable();
}
