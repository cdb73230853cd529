using System.Globalization;

namespace NovaId.Bench.Costs;

/// <summary>What a process and all its descendants use, as Linux counts it (<c>proc(5)</c>).</summary>
internal static class ProcessTree
{
    // USER_HZ, which is 100 for every program whatever the kernel counts in.
    private const double TicksPerSecond = 100;

    /// <summary>The processor time of a process, of its descendants, and of those of them that have ended and were waited for.</summary>
    /// <exception cref="BenchException">The system is not Linux.</exception>
    public static TimeSpan Cpu(int root)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchException("--cost needs Linux, which says what each process uses.");
        }

        var processes = Directory.EnumerateDirectories("/proc").Select(Read).OfType<(int Id, int Parent, long Ticks)>().ToLookup(process => process.Parent);
        return TimeSpan.FromSeconds((Below(root) + (Read($"/proc/{root}")?.Ticks ?? 0)) / TicksPerSecond);

        long Below(int parent) => processes[parent].Sum(process => process.Ticks + Below(process.Id));
    }

    private static (int Id, int Parent, long Ticks)? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), out var id))
        {
            return null;
        }

        try
        {
            // The name, in brackets, may hold blanks; what follows it does not.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
