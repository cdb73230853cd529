using System.Net;
using NovaId.Emulator.Network;
using NovaId.Native;
using NovaId.Operator;

namespace NovaId.Bench.Zones;

/// <summary>The real Ory programs, and the API in a process of its own.</summary>
internal sealed class NativeZone : IBenchZone
{
    private readonly NativeServices _services;
    private readonly ApiProcess _api;

    private NativeZone(NativeServices services, ApiProcess api, Uri address) => (_services, _api, Api) = (services, api, address);

    public string Kind => "real Ory programs";

    public Uri Gateway => _services.Gateway;

    public Uri Api { get; }

    public OperatorAccount Operator => OperatorAccount.WithKey(_services.KeyOf(OperatorAccount.DefaultClientId));

    public ProcessMeter ApiProcess => _api.Meter;

    public bool IsOurs => true;

    /// <summary>The process of each program, by its name; some have others below them.</summary>
    public IReadOnlyDictionary<string, int> ProcessIds => new Dictionary<string, int>(_services.ProcessIds) { ["API"] = ApiProcess.Id };

    public static async Task<NativeZone> StartAsync(
        string? configurationFolder,
        IReadOnlyDictionary<string, string> apiSettings,
        CancellationToken cancellationToken)
    {
        var programs = Environment.GetEnvironmentVariable(NativeServices.Variable);
        if (string.IsNullOrEmpty(programs))
        {
            throw new BenchException($"--zone native needs {NativeServices.Variable}: the folder with kratos, keto, hydra and oathkeeper.");
        }

        var endPoint = new IPEndPoint(IPAddress.Loopback, LoopbackPorts.Take(1)[0]);
        var address = new Uri($"http://{endPoint}");
        var services = await NativeServices.StartAsync(programs, address, configurationFolder);
        try
        {
            var key = services.KeyOf("novaid-api");
            return new NativeZone(
                services,
                await Zones.ApiProcess.StartAsync(endPoint, services.Gateway, key, apiSettings, cancellationToken),
                address);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>The zone's PostgreSQL does not gather statistics by itself (see <see cref="NativePostgres"/>), so a query planner would know
    /// nothing of ten thousand new rows.</summary>
    public async Task SettleAsync()
    {
        foreach (var database in (string[])["kratos", "keto", "hydra"])
        {
            await _services.ExecuteAsync(database, "VACUUM ANALYZE;");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _services.DisposeAsync();
    }
}
