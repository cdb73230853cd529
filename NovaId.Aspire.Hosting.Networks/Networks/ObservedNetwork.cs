namespace Aspire.Hosting.Networks;

/// <summary>A network as the engine shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsInternal">Whether it has no way out.</param>
/// <param name="Options">The driver's options.</param>
internal sealed record ObservedNetwork(string Name, bool IsInternal, IReadOnlyDictionary<string, string> Options);
