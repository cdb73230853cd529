using System.Diagnostics;

namespace NovaId.Tests;

/// <summary>A program that is run to its end.</summary>
internal static class ProcessRun
{
    /// <param name="start">The program, with both outputs redirected.</param>
    /// <param name="cancellationToken">Ends the program, and all that it started.</param>
    /// <returns>The exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
