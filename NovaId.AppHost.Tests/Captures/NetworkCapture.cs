using System.Net;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>Everything that passes one network of the engine, put together to connections.</summary>
internal sealed class NetworkCapture : IDisposable
{
    private readonly string _network;
    private readonly PacketSocket? _socket;
    private readonly List<CapturedConnection> _connections = [];
    private readonly Dictionary<(bool IsTcp, IPEndPoint From, IPEndPoint To), (CapturedConnection Connection, bool IsClient)> _open = [];

    /// <param name="network">The name by which it is spoken of.</param>
    /// <param name="bridge">The bridge that is the network; null where frames are given by hand.</param>
    public NetworkCapture(string network, string? bridge)
    {
        _network = network;
        _socket = bridge is null ? null : PacketSocket.Open(bridge, Take);
    }

    /// <summary>How many frames were lost; known at the end.</summary>
    public uint Lost { get; private set; }

    /// <summary>How many frames there were.</summary>
    public long Frames { get; private set; }

    /// <summary>What was seen; complete at the end.</summary>
    public IReadOnlyList<CapturedConnection> Connections => _connections;

    public void Stop() => Lost = _socket?.Stop() ?? 0;

    public void Dispose() => _socket?.Dispose();

    internal void Take(ReadOnlySpan<byte> frame)
    {
        Frames++;
        if (!Packet.TryRead(frame, out var packet))
        {
            return;
        }

        var (connection, isClient) = Of(packet);
        var stream = isClient ? connection.FromClient : connection.FromServer;
        if (packet.Begins)
        {
            stream.Start ??= packet.Sequence;
        }

        // A datagram has no number: the next one goes on where the last one ended.
        stream.Add(packet.IsTcp ? packet.Sequence : stream.Length, packet.Payload);
    }

    private (CapturedConnection Connection, bool IsClient) Of(Packet packet)
    {
        var key = (packet.IsTcp, packet.From, packet.To);
        var isKnown = _open.TryGetValue(key, out var found);
        var begins = packet is { IsTcp: true, Begins: true, Acknowledges: false };
        if (isKnown && !(begins && found.IsClient && found.Connection.FromClient.Start is { } start && start != packet.Sequence))
        {
            return found;
        }

        // Whoever answers the first packet is the server, and of a connection that began before the capture the one with the lower port.
        var isClient = packet.IsTcp && (packet.Begins || packet.Acknowledges) ? begins || (!packet.Begins && packet.From.Port > packet.To.Port) : true;
        var connection = isClient
            ? new CapturedConnection(_network, packet.From, packet.To, DateTimeOffset.UtcNow, packet.IsTcp)
            : new CapturedConnection(_network, packet.To, packet.From, DateTimeOffset.UtcNow, packet.IsTcp);
        _connections.Add(connection);
        _open[key] = (connection, isClient);
        _open[(packet.IsTcp, packet.To, packet.From)] = (connection, !isClient);
        return (connection, isClient);
    }
}
