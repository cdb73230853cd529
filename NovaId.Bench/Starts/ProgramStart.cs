using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NovaId.Bench.Starts;

/// <summary>A start by a command of a shell: an AppHost, which Ctrl+C ends.</summary>
/// <param name="title">What it is called.</param>
/// <param name="arguments">The arguments of <c>dotnet</c>, for the gateway's port.</param>
/// <param name="environment">What it finds in its environment.</param>
internal sealed class ProgramStart(string title, Func<string, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string> environment) : IStart
{
    public string Title => title;

    public Task<IAsyncDisposable> BeginAsync(int gatewayPort, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments(gatewayPort.ToString(CultureInfo.InvariantCulture)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Task.FromResult<IAsyncDisposable>(new Running(Process.Start(start)!));
    }

    private sealed class Running : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

        private readonly Process _process;
        private readonly StringBuilder _said = new();

        public Running(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public override string ToString()
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }

        public async ValueTask DisposeAsync()
        {
            using (_process)
            {
                // dotnet run hands it on to the program; whoever is asked in a shell gets it the same way.
                try
                {
                    await Client.RunAsync(
                        "kill", ["-INT", .. Children(_process.Id), _process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
                }
                catch (BenchException)
                {
                    // One of them has ended by itself.
                }

                using var patience = new CancellationTokenSource(Patience);
                await _process.WaitForExitAsync(patience.Token);
            }
        }

        private static string[] Children(int process)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task/{process}/children");
            return File.Exists(path)
                ? File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                : [];
        }

        private void Keep(string? line)
        {
            lock (_said)
            {
                _said.AppendLine(line);
            }
        }
    }
}
