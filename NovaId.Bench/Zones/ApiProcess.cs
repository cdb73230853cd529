using System.Net;

namespace NovaId.Bench.Zones;

/// <summary>The API as the program that it is: its CPU time and memory are its own, and so are its runtime settings.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    // A few callers here stand for many: what each of them may do in a second is no part of what a request costs.
    private static readonly Dictionary<string, string> WithoutLimits =
        ((string[])["CallerPerSecond", "CallerBurst", "AddressPerSecond", "AddressBurst"]).ToDictionary(limit => $"Limits:{limit}", _ => "1000000");

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _storage;
    private readonly Task _draining;

    private ApiProcess(ChildProcess process, DirectoryInfo storage)
    {
        (_process, _storage) = (process, storage);
        // It logs each decision to the console, as it does wherever it runs; somebody must take the lines.
        _draining = process.Output.BaseStream.CopyToAsync(Stream.Null);
    }

    public ProcessMeter Meter => _process.Meter;

    /// <summary>Starts the API and waits until it answers.</summary>
    public static async Task<ApiProcess> StartAsync(
        IPEndPoint endPoint,
        Uri gateway,
        string clientKey,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken,
        string[]? through = null)
    {
        var storage = Directory.CreateTempSubdirectory("novaid-bench-");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://{endPoint}",
            ["Gateway__Address"] = gateway.GetLeftPart(UriPartial.Authority),
            ["Gateway__ClientKey"] = clientKey,
        };
        if (!settings.ContainsKey("Storage:ConnectionString"))
        {
            environment["Storage__Path"] = Path.Combine(storage.FullName, "novaid.db");
        }

        foreach (var (key, value) in WithoutLimits.Concat(settings))
        {
            environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var api = new ApiProcess(ChildProcess.Start("NovaId.Api", [], environment, through), storage);
        try
        {
            await api.WaitAsync(new Uri($"http://{endPoint}/alive"), cancellationToken);
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _draining;
        _storage.Delete(recursive: true);
    }

    private async Task WaitAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (_process.HasExited)
            {
                throw _process.Failure("ended before it was ready");
            }

            try
            {
                using var response = await http.GetAsync(address, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(100, cancellationToken);
        }

        throw _process.Failure("was not ready within half a minute");
    }
}
