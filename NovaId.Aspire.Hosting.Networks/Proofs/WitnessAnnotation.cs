namespace Aspire.Hosting.Networks;

/// <summary>Says whose image one looks with, and whom one looks for first.</summary>
/// <param name="witness">The container.</param>
internal sealed class WitnessAnnotation(IResource witness) : IResourceAnnotation
{
    /// <summary>The container.</summary>
    public IResource Witness { get; } = witness;
}
