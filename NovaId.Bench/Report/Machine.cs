using System.Globalization;
using System.Runtime.InteropServices;

namespace NovaId.Bench.Report;

/// <summary>What the figures were measured on: nothing that names the machine.</summary>
internal sealed record Machine(int Processors, string Model, long Memory, string System, string Runtime)
{
    /// <summary>What Linux counts processor time in (USER_HZ).</summary>
    private const double TicksInASecond = 100;

    public static Machine Current { get; } = new(
        Environment.ProcessorCount,
        ReadModel(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsMacOS() ? "macOS" : OperatingSystem.IsWindows() ? "Windows" : "another system",
        RuntimeInformation.FrameworkDescription);

    /// <summary>How busy the processors are while the benchmark itself waits, from 0 to 1; null where the system does not say.</summary>
    public static async Task<double?> OtherLoadAsync(CancellationToken cancellationToken)
    {
        if (ReadTimes() is not { } before)
        {
            return null;
        }

        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        return ReadTimes() is { } after && after.All > before.All
            ? 1 - ((double)(after.Idle - before.Idle) / (after.All - before.All))
            : null;
    }

    /// <summary>The time that all processors were not idle since the machine's start.</summary>
    /// <exception cref="BenchException">The system does not say.</exception>
    public static TimeSpan BusyTime() => ReadTimes() is { } times
        ? TimeSpan.FromSeconds((times.All - times.Idle) / TicksInASecond)
        : throw new BenchException("This system does not say how busy its processors are. Start the benchmark on Linux.");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processors} processors ({Model}), {Memory / 1e9:0} GB, {System}, {Runtime} {RuntimeInformation.ProcessArchitecture}");

    private static string ReadModel()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "model not known";
    }

    /// <summary>The time of all processors since the start, and how much of it they were idle.</summary>
    private static (long All, long Idle)? ReadTimes()
    {
        const string Statistics = "/proc/stat";
        if (!File.Exists(Statistics))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal …
        long[] times = [.. File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        return (times.Sum(), times[3] + times[4]);
    }
}
