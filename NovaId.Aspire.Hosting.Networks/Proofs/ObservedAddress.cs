using System.Net;

namespace Aspire.Hosting.Networks;

/// <summary>Where a running container stands, as the engine shows it.</summary>
/// <param name="ContainerName">The container's name at the engine.</param>
/// <param name="Network">The network, by its name at the engine.</param>
/// <param name="Address">The container's address on it.</param>
/// <param name="PrefixLength">How much of the address is the network's.</param>
/// <param name="Names">The names to which the engine's name server gives that address, on that network.</param>
internal sealed record ObservedAddress(string ContainerName, string Network, IPAddress Address, int PrefixLength, IReadOnlyList<string> Names);
