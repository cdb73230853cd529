namespace Aspire.Hosting.Networks;

/// <summary>A running container as the engine shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Networks">The networks it stands on.</param>
internal sealed record ObservedContainer(string Name, IReadOnlySet<string> Networks);
