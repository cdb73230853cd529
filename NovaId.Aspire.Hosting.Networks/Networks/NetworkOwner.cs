using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Networks;

/// <summary>The process that made a network, as its label names it: machine, process id and when the process started.</summary>
internal static class NetworkOwner
{
    /// <summary>The label.</summary>
    public const string Label = "aspire-networks.owner";

    /// <summary>This process.</summary>
    public static string Current
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Describe(process);
        }
    }

    /// <summary>Whether the process that a label names has ended. Of another machine's processes nothing is known.</summary>
    public static bool HasEnded(string owner)
    {
        var parts = owner.Split(':');
        if (parts.Length != 3 || parts[0] != Machine || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return Describe(process) != owner;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static string Machine => Environment.MachineName.Replace(':', '-');

    private static string Describe(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Machine}:{process.Id}:{new DateTimeOffset(process.StartTime).ToUnixTimeSeconds()}");
}
