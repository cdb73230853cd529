using System.Diagnostics;

namespace NovaId.Bench.Zones;

/// <summary>What another process uses.</summary>
internal sealed class ProcessMeter(Process process)
{
    public int Id => process.Id;

    /// <summary>CPU time since its start, in user and kernel mode.</summary>
    public TimeSpan Cpu => process.TotalProcessorTime;

    /// <summary>Memory in RAM, in bytes.</summary>
    public long Resident => Fresh().WorkingSet64;

    public int Handles => Fresh().HandleCount;

    public int Threads => Fresh().Threads.Count;

    private Process Fresh()
    {
        process.Refresh();
        return process;
    }
}
