using System.Globalization;
using System.Runtime.InteropServices;
using NovaId.Contract;
using NovaId.Native;

namespace NovaId.Tests.Zones;

/// <summary>The API of this repository in a process of its own, so that its memory can be told from that of the tests.</summary>
internal sealed class ApiProgram : IAsyncDisposable
{
    private readonly NativeProgram _program;

    private ApiProgram(NativeProgram program, Uri address)
    {
        _program = program;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="http">Asks whether it is there.</param>
    /// <param name="gateway">Where it finds the gateway.</param>
    /// <param name="issuer">The gateway's own address, which is in the id_tokens.</param>
    /// <param name="client">Its client.</param>
    public static async Task<ApiProgram> StartAsync(HttpClient http, Uri gateway, Uri issuer, ServiceClient client)
    {
        var address = new Uri($"http://127.0.0.1:{LoopbackPorts.Take(1)[0]}");
        // The one that runs this process, whatever else is installed.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var program = NativeProgram.Serve(dotnet, [Path.Combine(AppContext.BaseDirectory, "NovaId.Api.dll")], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Gateway__Address"] = gateway.GetLeftPart(UriPartial.Authority),
            ["Gateway__Issuer"] = issuer.GetLeftPart(UriPartial.Authority),
            ["Gateway__ClientId"] = client.Id,
            [client.Key is null ? "Gateway__ClientSecret" : "Gateway__ClientKey"] = client.Key ?? client.Secret,
            ["Storage__Path"] = ":memory:",
        }, [client.Hidden]);
        var api = new ApiProgram(program, address);
        await program.WaitUntilReadyAsync(http, new Uri(address, "/api/health").ToString());
        return api;
    }

    /// <summary>What it holds in memory; null where the system does not tell.</summary>
    public long? MeasureMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var child = File.ReadAllText($"/proc/{_program.ProcessId}/task/{_program.ProcessId}/children").Split(' ')[0];
        var resident = File.ReadLines($"/proc/{child}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
