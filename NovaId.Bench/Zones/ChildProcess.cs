using System.Diagnostics;

namespace NovaId.Bench.Zones;

/// <summary>A .NET program of this repository in a process of its own. It ends when it is disposed of.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 30;

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ChildProcess(Process process, string name)
    {
        _process = process;
        Name = name;
        Meter = new ProcessMeter(process);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public ProcessMeter Meter { get; }

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    /// <param name="program">The program's name; it stands beside this one.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What it finds in its environment besides this program's.</param>
    /// <param name="through">The command that starts it in its own place, word by word; nothing or null starts it directly.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string[]? through = null)
    {
        string[] command =
        [
            .. through ?? [], Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A collector or an environment of whoever runs the benchmark would change what is measured.
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, program);
    }

    /// <summary>The failure that its end is.</summary>
    public BenchException Failure(string what)
    {
        lock (_errors)
        {
            return new($"{Name} {what}. {string.Join(Environment.NewLine, _errors)}".TrimEnd());
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name is "DOTNET_ENVIRONMENT";

    private void Keep(string? line)
    {
        lock (_errors)
        {
            _errors.Enqueue(line ?? "");
            if (_errors.Count > KeptLines)
            {
                _errors.Dequeue();
            }
        }
    }
}
