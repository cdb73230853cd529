using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NovaId.Contract;
using NovaId.Emulator.Network;
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

    // Its parent is the shell that watches over it.
    private int ProcessId => int.Parse(
        File.ReadAllText($"/proc/{_program.ProcessId}/task/{_program.ProcessId}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Starts it.</summary>
    /// <param name="http">Asks whether it is there.</param>
    /// <param name="gateway">Where it finds the gateway.</param>
    /// <param name="issuer">The gateway's own address, which is in the id_tokens.</param>
    /// <param name="client">Its client.</param>
    /// <param name="storage">Where it keeps what it keeps, as variables of its environment; in memory if none is given.</param>
    public static async Task<ApiProgram> StartAsync(
        HttpClient http, Uri gateway, Uri issuer, ServiceClient client, params (string Name, string Value)[] storage)
    {
        var address = new Uri($"http://127.0.0.1:{LoopbackPorts.Take(1)[0]}");
        // The one that runs this process, whatever else is installed.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Gateway__Address"] = gateway.GetLeftPart(UriPartial.Authority),
            ["Gateway__Issuer"] = issuer.GetLeftPart(UriPartial.Authority),
            ["Gateway__ClientId"] = client.Id,
            [client.Key is null ? "Gateway__ClientSecret" : "Gateway__ClientKey"] = client.Key ?? client.Secret,
        };
        foreach (var (name, value) in storage.Length > 0 ? storage : [("Storage__Path", ":memory:")])
        {
            environment[name] = value;
        }

        var program = NativeProgram.Serve(
            dotnet, [Path.Combine(AppContext.BaseDirectory, "NovaId.Api.dll")], environment, [client.Hidden, .. storage.Select(setting => setting.Value)]);
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

        var resident = File.ReadLines($"/proc/{ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Ends it without a word (SIGKILL), on Linux.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(ProcessId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
