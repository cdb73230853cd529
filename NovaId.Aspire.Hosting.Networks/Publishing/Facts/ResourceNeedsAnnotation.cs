namespace Aspire.Hosting.ApplicationModel;

/// <summary>What one instance of a service takes of a machine.</summary>
/// <param name="processor">What it is given for certain, in thousandths of a processor.</param>
/// <param name="memory">What it is given for certain, in MiB.</param>
/// <param name="memoryLimit">With how much it is ended, in MiB.</param>
public sealed class ResourceNeedsAnnotation(int processor, int memory, int memoryLimit) : IResourceAnnotation
{
    /// <summary>What it is given for certain, in thousandths of a processor.</summary>
    public int Processor { get; } = processor;

    /// <summary>What it is given for certain, in MiB.</summary>
    public int Memory { get; } = memory;

    /// <summary>With how much it is ended, in MiB.</summary>
    public int MemoryLimit { get; } = memoryLimit;
}
