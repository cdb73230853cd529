using System.Net;
using System.Text.Json;
using NovaId.Emulator;

namespace NovaId.Bench.Zones;

/// <summary>
/// The embedded zone without the API, as the process that the benchmark starts beside itself: it says where it is in one line, answers each
/// further line with what its memory holds, and ends with its input.
/// </summary>
internal static class ZoneHost
{
    public const string Verb = "host-zone";

    public static async Task<int> RunAsync(
        IPEndPoint api,
        string? configurationFolder,
        TextReader input,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        await using var zone = await EmbeddedZone.StartAsync(
            new EmbeddedZoneOptions
            {
                ConfigurationFolder = configurationFolder,
                GatewayPort = 0,
                DemoPort = 0,
                SeedPeople = false,
                ExternalApi = api,
            },
            cancellationToken);
        await WriteAsync(new HostedZone(zone.Gateway, zone.OperatorKey, zone.ApiKey));
        while (await input.ReadLineAsync(cancellationToken) is not null)
        {
            await WriteAsync(new HostedZoneMemory(GC.GetTotalMemory(forceFullCollection: false)));
        }

        return 0;

        async Task WriteAsync<T>(T value)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(value));
            await output.FlushAsync(cancellationToken);
        }
    }
}
