using System.Diagnostics;

namespace NovaId.Bench.Starts;

/// <summary>A program that is started, and what it said.</summary>
internal static class Client
{
    /// <exception cref="BenchException">It did not end well; the message has what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var (said, wrong) = (await output, await errors);
        return process.ExitCode == 0 ? said : throw new BenchException($"{program} ended with {process.ExitCode}. {wrong.Trim()}{said.Trim()}");
    }
}
