using System.ComponentModel;
using System.Diagnostics;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>The container engine as a person would ask it.</summary>
internal static class Docker
{
    private const int FirstWithIsolation = 28;

    /// <summary>Why no zone of these images can be started here; null if one can.</summary>
    public static async Task<string?> MissingAsync(IEnumerable<string> images)
    {
        var (code, version) = await RunAsync("version", "--format", "{{.Server.Version}}");
        if (code != 0)
        {
            return "there is no container engine, or it does not answer";
        }

        if (!int.TryParse(version.Split('.')[0], out var major) || major < FirstWithIsolation)
        {
            return $"Docker Engine {version} is older than {FirstWithIsolation}, which the isolation of the private network needs";
        }

        foreach (var image in images)
        {
            if ((await RunAsync("image", "inspect", image)).ExitCode != 0)
            {
                return $"the image {image} is not here; 'docker pull {image}' brings it";
            }
        }

        return null;
    }

    /// <summary>What it prints, or an empty text where it fails.</summary>
    public static async Task<string> OutputAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        return code == 0 ? output : "";
    }

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => CommandAsync("docker", arguments);

    /// <summary>Another command of a shell, for what the engine is given.</summary>
    public static async Task<(int ExitCode, string Output)> CommandAsync(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, (await output + await error).Trim());
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
