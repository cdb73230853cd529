using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaId.Tests.Emulator;

/// <summary>The emulator as a user starts it: a process of its own, with its standard output and error.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EmulatorProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    public static EmulatorProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "NovaId.Emulator.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var emulator = new EmulatorProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        emulator._process.OutputDataReceived += (_, line) => emulator.Take(line.Data);
        emulator._process.ErrorDataReceived += (_, line) => emulator._errors.Enqueue(line.Data ?? "");
        emulator._process.Exited += (_, _) => emulator._ready.TrySetResult();
        emulator._process.Start();
        emulator._process.BeginOutputReadLine();
        emulator._process.BeginErrorReadLine();
        return emulator;
    }

    /// <summary>Waits until it has said how to use it, or has ended.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        Assert.False(_process.HasExited, $"The emulator ended: {Errors}");
    }

    public async Task ExitAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        _output.Enqueue(line ?? "");
        if (line?.StartsWith("Ctrl+C", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult();
        }
    }
}
