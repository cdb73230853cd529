namespace NovaId.AppHost.Proofs;

/// <summary>A port of a container that is open on this machine's loopback address.</summary>
/// <param name="Port">The port of this machine.</param>
/// <param name="TargetPort">The port of the container.</param>
internal sealed record PublishedPort(int Port, int TargetPort);
