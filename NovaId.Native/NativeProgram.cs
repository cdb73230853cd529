using System.Diagnostics;

namespace NovaId.Native;

/// <summary>A program of the native zone. It ends with this process, however that ends.</summary>
internal sealed class NativeProgram : IAsyncDisposable
{
    private const int KeptLines = 30;

    // The shell waits at its standard input, whose other end this process holds: when that closes, on purpose or because this process
    // is gone, the shell ends the program with the signal in $0.
    private const string Watch = """
        exec 3<&0
        "$@" 3<&- </dev/null &
        program=$!
        { cat <&3; kill -s "$0" "$program"; } >/dev/null 2>&1 &
        exec 3<&-
        wait "$program"
        """;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly string[] _secrets;

    private NativeProgram(string name, ProcessStartInfo start, IEnumerable<string> secrets)
    {
        Name = name;
        _secrets = [.. secrets];
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>The process of the shell that watches over the program, which is its first child.</summary>
    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program that serves until it is disposed of.</summary>
    public static NativeProgram Serve(
        string file,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        IEnumerable<string>? secrets = null,
        string stopSignal = "TERM") =>
        new(Path.GetFileName(file), StartInfo("/bin/sh", ["-c", Watch, stopSignal, file, .. arguments], environment), secrets ?? []);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">The program failed; its last lines are in the message.</exception>
    public static async Task RunAsync(
        string file,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        IEnumerable<string>? secrets = null,
        string? input = null)
    {
        await using var program = new NativeProgram(Path.GetFileName(file), StartInfo(file, arguments, environment), secrets ?? []);
        await program._process.StandardInput.WriteAsync(input);
        program._process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await program._process.WaitForExitAsync(limit.Token);
        if (program._process.ExitCode != 0)
        {
            throw program.Failure($"ended with exit code {program._process.ExitCode}");
        }
    }

    /// <summary>Waits until the address answers 200.</summary>
    /// <exception cref="InvalidOperationException">The program ended or was not ready in time; the message holds its last lines.</exception>
    public async Task WaitUntilReadyAsync(HttpClient http, string address)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (HasExited)
            {
                throw Failure($"ended with exit code {_process.ExitCode} before it was ready");
            }

            try
            {
                using var response = await http.GetAsync(address);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(50);
        }

        throw Failure("was not ready within a minute");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // The Ory programs take any setting from a variable without a prefix (DSN, LOG_LEVEL), so none may come from outside.
        var path = start.Environment["PATH"];
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = Path.GetTempPath();
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(_secrets.Aggregate(line, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal)));
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }
        }
    }

    private InvalidOperationException Failure(string what)
    {
        lock (_lines)
        {
            return new($"{Name} {what}. Its last lines:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}");
        }
    }
}
