using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>
/// Every frame that passes a bridge of this machine, as <see href="https://man7.org/linux/man-pages/man7/packet.7.html">packet(7)</see> shows it.
/// It needs Linux and the right to open such a socket (CAP_NET_RAW).
/// </summary>
internal sealed class PacketSocket : IDisposable
{
    private const int SocketLevel = 1;
    private const int PacketLevel = 263;
    private const int ReceiveBufferForce = 33;
    private const int AddMembership = 1;
    private const int Statistics = 6;
    private const int BufferSize = 128 << 20;

    /// <summary>What Linux puts together before it shows it, with room to spare.</summary>
    private const int LongestFrame = 1 << 18;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly Action<ReadOnlySpan<byte>> _seen;
    private volatile bool _isStopped;

    private PacketSocket(string face, Socket socket, Action<ReadOnlySpan<byte>> seen)
    {
        (_socket, _seen) = (socket, seen);
        _thread = new(Read) { Name = $"capture on {face}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why nothing can be captured here; null if it can.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a capture needs the packet sockets of Linux";
        }

        try
        {
            using var socket = New();
            return null;
        }
        catch (SocketException exception)
        {
            return $"this process may not open a packet socket ({exception.SocketErrorCode}); run the tests as root, or with CAP_NET_RAW";
        }
    }

    /// <summary>Begins to read.</summary>
    /// <param name="face">The interface.</param>
    /// <param name="seen">Takes each frame, on a thread of this socket's own.</param>
    public static PacketSocket Open(string face, Action<ReadOnlySpan<byte>> seen)
    {
        // Not /sys/class/net, which may show the interfaces of another network namespace.
        var index = NameToIndex(face);
        if (index == 0)
        {
            throw new InvalidOperationException($"There is no interface '{face}' here: the engine's networks are not in this process's network namespace.");
        }

        var socket = New();
        try
        {
            try
            {
                socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(BufferSize));
            }
            catch (SocketException)
            {
                // Whoever may not ask for more than others get takes what there is; what is lost is counted.
                socket.ReceiveBufferSize = BufferSize;
            }

            socket.ReceiveTimeout = (int)Look.TotalMilliseconds;
            socket.Bind(new LinkEndPoint(index));
            // A bridge shows what it passes on from one container to another only to whoever wants everything (packet_mreq, PACKET_MR_PROMISC).
            var membership = new byte[16];
            BitConverter.TryWriteBytes(membership, index);
            BitConverter.TryWriteBytes(membership.AsSpan(4), (ushort)1);
            socket.SetRawSocketOption(PacketLevel, AddMembership, membership);
            return new(face, socket, seen);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads what is still there, and no more.</summary>
    /// <returns>How many frames were lost, because they came faster than they were read.</returns>
    public uint Stop()
    {
        _isStopped = true;
        _thread.Join();
        var statistics = new byte[8];
        _socket.GetRawSocketOption(PacketLevel, Statistics, statistics);
        return BitConverter.ToUInt32(statistics, 4);
    }

    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
        _socket.Dispose();
    }

    /// <summary><see href="https://man7.org/linux/man-pages/man3/if_nametoindex.3.html">if_nametoindex(3)</see>; 0 where there is no such interface.</summary>
    [DllImport("libc", EntryPoint = "if_nametoindex", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int NameToIndex(string name);

    private static Socket New() => new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);

    private void Read()
    {
        var buffer = new byte[LongestFrame];
        while (true)
        {
            // A zone never falls silent: at the end, what has come is read and nothing is waited for.
            if (_isStopped && _socket.Available == 0)
            {
                return;
            }

            var length = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                _seen(buffer.AsSpan(0, length));
            }
        }
    }

    /// <summary>All protocols of one interface (sockaddr_ll).</summary>
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        private const int Length = 20;
        private const ushort AllProtocols = 3;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, Length);
            BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], AllProtocols);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
