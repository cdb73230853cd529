using System.Globalization;

namespace NovaId.Bench.Costs;

/// <summary>What processes and all their descendants use at one moment, as Linux counts it (<c>proc(5)</c>).</summary>
internal sealed class ProcessTree
{
    // USER_HZ, which is 100 for every program whatever the kernel counts in.
    private const double TicksPerSecond = 100;

    private readonly (int Id, int Parent, long Ticks)[] _processes;

    private ProcessTree((int Id, int Parent, long Ticks)[] processes) => _processes = processes;

    /// <summary>Looks at every process.</summary>
    /// <exception cref="BenchException">The system is not Linux.</exception>
    public static ProcessTree Now() => OperatingSystem.IsLinux()
        ? new ProcessTree([.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<(int Id, int Parent, long Ticks)>()])
        : throw new BenchException("--cost needs Linux, which says what each process uses.");

    /// <summary>The processor time of a process, of its descendants, and of those of them that have ended and were waited for.</summary>
    public TimeSpan Cpu(int root) => TimeSpan.FromSeconds((_processes.Where(process => process.Id == root).Sum(process => process.Ticks) + Below(root)) / TicksPerSecond);

    private long Below(int parent) => _processes.Where(process => process.Parent == parent).Sum(process => process.Ticks + Below(process.Id));

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
