using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The container engine, asked through its own command-line client: so it is always the engine that Aspire uses, whatever the context.
/// </summary>
/// <param name="configuration">The application's configuration: <c>ASPIRE_CONTAINER_RUNTIME</c> names another client than Docker's.</param>
public sealed class ContainerEngine(IConfiguration configuration)
{
    /// <summary>The first engine that attaches a container to several networks when it is created.</summary>
    internal const int FirstWithSeveralNetworks = 25;

    /// <summary>The first engine that keeps the host out of a network (<c>gateway_mode_ipv4=isolated</c>).</summary>
    public const int FirstWithIsolation = 28;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The client's program. Only Docker has networks that keep the host out.</summary>
    public string Program { get; } = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"] ?? "docker";

    /// <summary>Whether this engine keeps the host out of a private network. Known after <see cref="EnsureUsableAsync"/>.</summary>
    public bool CanIsolate { get; private set; }

    /// <summary>The engine's version. Known after <see cref="EnsureUsableAsync"/>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Makes sure that there is an engine, and that it can do what the networks need.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>When it is sure.</returns>
    /// <exception cref="ContainerEngineException">There is none, or it is too old.</exception>
    public async Task EnsureUsableAsync(CancellationToken cancellationToken)
    {
        if (!string.Equals(Path.GetFileNameWithoutExtension(Program), "docker", StringComparison.OrdinalIgnoreCase))
        {
            throw new ContainerEngineException(
                $"ASPIRE_CONTAINER_RUNTIME is '{Program}', but the private network needs Docker. Unset it.");
        }

        var outcome = await TryRunAsync(["version", "--format", "{{.Server.Version}}"], cancellationToken);
        Version = outcome.Output.Trim();
        if (!outcome.Succeeded || !TryParseMajor(Version, out var major))
        {
            throw new ContainerEngineException($"The container engine does not answer: {Shorten(outcome.Error)} Start Docker.");
        }

        if (major < FirstWithSeveralNetworks)
        {
            throw new ContainerEngineException(
                $"Docker Engine {Version} cannot put a container on two networks. Install {FirstWithIsolation} or newer.");
        }

        CanIsolate = major >= FirstWithIsolation;
    }

    /// <summary>Runs the client and returns what it printed.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="limit">How long it may take; 20 s if nothing is said.</param>
    /// <param name="input">What it reads; nothing if nothing is said.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="ContainerEngineException">It did not succeed.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellationToken, TimeSpan? limit = null, ReadOnlyMemory<byte>? input = null)
    {
        var outcome = await TryRunAsync(arguments, cancellationToken, limit, input);
        return outcome.Succeeded
            ? outcome.Output
            : throw new ContainerEngineException($"'{Program} {string.Join(' ', arguments.Take(2))}' failed: {Shorten(outcome.Error)}");
    }

    /// <summary>Runs the client, whatever comes of it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="limit">How long it may take; 20 s if nothing is said.</param>
    /// <param name="input">What it reads; nothing if nothing is said.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ContainerEngineException">There is no such program, or it did not end.</exception>
    public async Task<CommandOutcome> TryRunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellationToken, TimeSpan? limit = null, ReadOnlyMemory<byte>? input = null)
    {
        var time = limit ?? Patience;
        using var process = Start(arguments, readsInput: input is not null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(time);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            if (input is { } bytes)
            {
                await WriteAsync(process, bytes, patience.Token);
            }

            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new ContainerEngineException(
                $"'{Program} {string.Join(' ', arguments.Take(2))}' did not end within {time.TotalSeconds:0} s. Restart Docker.");
        }
    }

    /// <summary>Runs the client and yields each line as it is printed, until it ends or nobody listens any more.</summary>
    internal async IAsyncEnumerable<string> StreamAsync(
        IReadOnlyList<string> arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                yield return line;
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    internal static bool TryParseMajor(string version, out int major) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out major);

    private static string Shorten(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "it said nothing.";
        return line.EndsWith('.') ? line : line + ".";
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(bytes, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Who ends before it has read everything says why.
        }
    }

    private Process Start(IReadOnlyList<string> arguments, bool readsInput = false)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Program, arguments)
            {
                RedirectStandardInput = readsInput,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
        }
        catch (Win32Exception exception)
        {
            throw new ContainerEngineException($"There is no '{Program}' on the PATH. Install Docker Engine {FirstWithIsolation} or newer.", exception);
        }
    }
}
