using System.Buffers.Binary;
using System.Net;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>What a frame carries: a part of a connection (RFC 9293), a datagram, or what is neither.</summary>
internal readonly ref struct Packet
{
    private const int EthernetHeader = 14;
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86dd;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public required IPEndPoint From { get; init; }

    public required IPEndPoint To { get; init; }

    /// <summary>Whether it belongs to a connection.</summary>
    public bool IsTcp { get; init; }

    public uint Sequence { get; init; }

    /// <summary>Whether it begins a connection, from this side.</summary>
    public bool Begins { get; init; }

    /// <summary>Whether it answers something of the other side.</summary>
    public bool Acknowledges { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Reads a frame of Ethernet.</summary>
    /// <returns>False where it carries nothing of the internet protocol, as a question for an address on the link does.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out Packet packet)
    {
        packet = default;
        if (frame.Length < EthernetHeader)
        {
            return false;
        }

        var datagram = frame[EthernetHeader..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            IPv4 when datagram.Length >= 20 => ReadIPv4(datagram, out packet),
            IPv6 when datagram.Length >= 40 => Read(
                datagram[6], new(datagram.Slice(8, 16)), new(datagram.Slice(24, 16)), datagram.Slice(40, Within(datagram, 40, 40 + BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]))), out packet),
            _ => false,
        };
    }

    private static bool ReadIPv4(ReadOnlySpan<byte> datagram, out Packet packet)
    {
        var header = (datagram[0] & 0xf) * 4;
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        var isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) & 0x1fff) != 0;
        return Read(
            isLaterFragment ? byte.MaxValue : datagram[9], new(datagram.Slice(12, 4)), new(datagram.Slice(16, 4)), datagram.Slice(header, Within(datagram, header, length)), out packet);
    }

    /// <summary>A frame is longer than what it carries where that is short, and says nothing of its length where that is very long.</summary>
    private static int Within(ReadOnlySpan<byte> datagram, int header, int end) => (end <= header || end > datagram.Length ? datagram.Length : end) - header;

    private static bool Read(byte protocol, IPAddress from, IPAddress to, ReadOnlySpan<byte> carried, out Packet packet)
    {
        switch (protocol)
        {
            case Tcp when carried.Length >= 20:
                packet = new()
                {
                    From = new(from, BinaryPrimitives.ReadUInt16BigEndian(carried)),
                    To = new(to, BinaryPrimitives.ReadUInt16BigEndian(carried[2..])),
                    IsTcp = true,
                    Sequence = BinaryPrimitives.ReadUInt32BigEndian(carried[4..]),
                    Begins = (carried[13] & 0x02) != 0,
                    Acknowledges = (carried[13] & 0x10) != 0,
                    Payload = carried[Math.Min(carried.Length, (carried[12] >> 4) * 4)..],
                };
                return true;
            case Udp when carried.Length >= 8:
                packet = new() { From = new(from, BinaryPrimitives.ReadUInt16BigEndian(carried)), To = new(to, BinaryPrimitives.ReadUInt16BigEndian(carried[2..])), Payload = carried[8..] };
                return true;
            default:
                packet = new() { From = new(from, 0), To = new(to, 0), Payload = carried };
                return true;
        }
    }
}
