using System.Net;

namespace NovaId.Emulator.Network;

/// <summary>A name and port of the <see cref="PrivateNetwork"/>, for example <c>kratos:4434</c>.</summary>
/// <param name="host">The name of the service.</param>
/// <param name="port">The port.</param>
public sealed class PrivateEndPoint(string host, int port) : EndPoint
{
    /// <summary>The name of the service.</summary>
    public string Host { get; } = host;

    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is PrivateEndPoint other && other.Port == Port && string.Equals(other.Host, Host, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Host), Port);
}
