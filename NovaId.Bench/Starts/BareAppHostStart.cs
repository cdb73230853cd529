using System.Globalization;
using System.Text.Json;

namespace NovaId.Bench.Starts;

/// <summary>
/// What an AppHost cannot go below: Aspire with the same containers, and nothing of ours. It has one network, no proof and no operator.
/// </summary>
/// <param name="project">The folder of that AppHost.</param>
/// <param name="published">The published folder.</param>
/// <param name="variables">What its variables stand for.</param>
internal sealed class BareAppHostStart(string project, string published, IReadOnlyDictionary<string, string> variables) : IStart
{
    public string Title => "an AppHost of the same containers, with nothing of ours";

    public async Task<IAsyncDisposable> BeginAsync(int gatewayPort, CancellationToken cancellationToken)
    {
        var contents = Directory.CreateTempSubdirectory("novaid-floor-");
        var (services, _) = ComposeFile.Read(published, variables, gatewayPort, contents.FullName);
        var file = Path.Combine(contents.FullName, "services.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(services), cancellationToken);
        var start = new ProgramStart(Title, _ => ["run", "--project", project], new Dictionary<string, string>
        {
            ["FLOOR_SERVICES"] = file,
            ["FLOOR_API"] = Path.Combine(AppContext.BaseDirectory, "NovaId.Api.dll"),
            ["FLOOR_API_KEY"] = variables["API_CLIENT_KEY"],
            ["FLOOR_GATEWAY"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{gatewayPort}"),
        });
        return new Running(await start.BeginAsync(gatewayPort, cancellationToken), contents);
    }

    private sealed class Running(IAsyncDisposable program, DirectoryInfo contents) : IAsyncDisposable
    {
        public override string? ToString() => program.ToString();

        public async ValueTask DisposeAsync()
        {
            await program.DisposeAsync();
            contents.Delete(recursive: true);
        }
    }
}
