namespace Aspire.Hosting.Networks;

/// <summary>What is asked of an address.</summary>
/// <param name="Address">A name or an IP address.</param>
/// <param name="Port">The port.</param>
/// <param name="Greeting">How one knows who answers.</param>
internal sealed record Question(string Address, int Port, Greeting Greeting);
