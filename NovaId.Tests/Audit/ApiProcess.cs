using System.Diagnostics;

namespace NovaId.Tests.Audit;

/// <summary>The API's program as a user starts it, in a process of its own.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ApiProcess(Process process, Uri address) => (_process, Http) = (process, new HttpClient { BaseAddress = address });

    public HttpClient Http { get; }

    /// <summary>Starts the API and waits until it answers.</summary>
    public static async Task<ApiProcess> StartAsync(int port, CancellationToken cancellationToken, params (string Name, string Value)[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = Prepare([], [("ASPNETCORE_URLS", address.ToString()), .. environment]);
        var api = new ApiProcess(Process.Start(start)!, address);
        api._process.BeginOutputReadLine();
        var errors = api._process.StandardError.ReadToEndAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(api._process.HasExited, api._process.HasExited ? await errors : "");
            try
            {
                using var health = await api.Http.GetAsync("/alive", limit.Token);
                return api;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    /// <summary>Runs the program with a verb and waits for its end.</summary>
    public static Task<(int Code, string Output, string Errors)> RunAsync(
        string[] arguments, CancellationToken cancellationToken, params (string Name, string Value)[] environment) =>
        ProcessRun.RunAsync(Prepare(arguments, environment), cancellationToken);

    /// <summary>Waits until it is ready.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var health = await Http.GetAsync("/health", limit.Token);
            if (health.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Asks it to end (SIGTERM), and waits until it has.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("/bin/kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it without a word (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private static ProcessStartInfo Prepare(string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "NovaId.Api.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
