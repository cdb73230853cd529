using System.Buffers.Binary;
using System.Text;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>What a capture makes of frames.</summary>
public sealed class ReassemblyTests
{
    private static readonly byte[] Client = [10, 0, 0, 2];
    private static readonly byte[] Server = [10, 0, 0, 3];

    [Theory]
    [InlineData(1u)]
    [InlineData(uint.MaxValue - 4)]
    public void What_is_cut_comes_twice_or_in_another_order_is_put_together(uint start)
    {
        var connection = Assert.Single(Capture(
            Frame(Client, Server, start, isBegin: true),
            Frame(Server, Client, 77, isBegin: true, acknowledges: true),
            Frame(Client, Server, start + 5, "word"),
            Frame(Client, Server, start + 1, "pass"),
            Frame(Client, Server, start + 1, "pass"),
            Frame(Client, Server, start + 3, "ssword of")));

        Assert.True(connection.IsWhole);
        Assert.Equal(["password of"], connection.Texts);
        Assert.Equal(("10.0.0.2:4000", "10.0.0.3:80"), (connection.Client.ToString(), connection.Server.ToString()));
        Assert.False(connection.IsOpaque);
    }

    [Fact]
    public void What_is_missing_or_began_before_is_not_whole()
    {
        Assert.False(Assert.Single(Capture(Frame(Client, Server, 1, isBegin: true), Frame(Client, Server, 2, "a"), Frame(Client, Server, 4, "c"))).IsWhole);
        Assert.False(Assert.Single(Capture(Frame(Client, Server, 1, isBegin: true), Frame(Client, Server, 3, "b"))).IsWhole);
        Assert.False(Assert.Single(Capture(Frame(Server, Client, 9, "late"))).IsWhole);
    }

    [Theory]
    [InlineData("\u0000\u0000\u0000\u0010\u0004\u00d2\u0016\u002eprocskey", "", true)]
    [InlineData("\u0000\u0000\u0000\u0010\u0004\u00d2\u0016\u002eprocskey and more", "", false)]
    [InlineData("\u0000\u0000\u0000\u0010\u0004\u00d2\u0016\u002eprocskey", "an answer", false)]
    [InlineData("\u0000\u0000\u0000\u0010\u0004\u00d2\u0016\u002fprocskey", "", false)]
    public void A_statement_is_given_up_by_a_key_and_nothing_else(string asked, string answered, bool isCancellation)
    {
        var connection = Conversation(asked, answered);

        Assert.Equal((isCancellation, false), (connection.IsCancellation, connection.IsOpaque));
    }

    [Fact]
    public void Who_hangs_up_before_the_handshake_has_said_nothing_that_can_be_read() =>
        Assert.True(Conversation("\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f", "").IsOpaque);

    [Fact]
    public void A_port_that_is_used_again_is_another_connection()
    {
        var connections = Capture(
            Frame(Client, Server, 1, isBegin: true), Frame(Client, Server, 2, "one"), Frame(Client, Server, 500, isBegin: true), Frame(Client, Server, 501, "two"));

        Assert.Equal(["one", "two"], connections.SelectMany(connection => connection.Texts));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f", "S", true)]
    [InlineData("\u0000\u0000\u0000\u0010\u0004\u00d2\u0016\u002eprocskey", "", false)]
    [InlineData("EHLO a\r\nSTARTTLS\r\n", "220 b ESMTP\r\n250-b greets a\r\n250 STARTTLS\r\n220 Ready\r\n", true)]
    [InlineData("EHLO a\r\nMAIL FROM:<c>\r\nSTARTTLS\r\n", "220 b ESMTP\r\n250 b\r\n250 OK\r\n220 Ready\r\n", false)]
    [InlineData("\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f", "N", false)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "", false)]
    [InlineData("", "HTTP/1.0 400 Bad Request\r\n\r\n", false)]
    public void A_connection_is_over_TLS_where_nothing_stands_before_it_but_the_wish(string before, string beforeAnswer, bool isOpaque)
    {
        var connection = Conversation(before + Record(22, "\u0001hello") + Record(23, "?"), beforeAnswer + Record(22, "\u0002hello") + Record(23, "!"));

        Assert.Equal((isOpaque, isOpaque), (connection.IsOpaque, connection.HasHandshake));
    }

    [Fact]
    public void What_follows_the_handshake_in_the_clear_is_seen()
    {
        var hello = Record(22, "\u0002hello");

        Assert.False(Conversation(Record(22, "\u0001hello") + "GET / HTTP/1.1", hello).IsOpaque);
        Assert.True(Conversation(Record(22, "\u0001hello") + Record(23, "cut short")[..7], hello).IsOpaque);
    }

    [Fact]
    public void Datagrams_are_read_and_never_over_TLS()
    {
        var connection = Assert.Single(Capture(Datagram("who is "), Datagram("kratos?")));

        Assert.Equal(["who is kratos?"], connection.Texts);
        Assert.False(connection.IsOpaque);
        Assert.False(connection.IsSilent);
    }

    private static CapturedConnection Conversation(string asked, string answered) => Assert.Single(Capture(
        Frame(Client, Server, 1, isBegin: true), Frame(Server, Client, 7, isBegin: true, acknowledges: true), Frame(Client, Server, 2, asked), Frame(Server, Client, 8, answered)));

    private static IReadOnlyList<CapturedConnection> Capture(params byte[][] frames)
    {
        using var capture = new NetworkCapture("test", bridge: null);
        foreach (var frame in frames)
        {
            capture.Take(frame);
        }

        return capture.Connections;
    }

    private static string Record(int type, string content) => $"{(char)type}\u0003\u0003\u0000{(char)content.Length}{content}";

    private static byte[] Frame(byte[] from, byte[] to, uint sequence, string text = "", bool isBegin = false, bool acknowledges = false)
    {
        var header = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(from == Client ? 4000 : 80));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(to == Client ? 4000 : 80));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), sequence);
        header[12] = 5 << 4;
        header[13] = (byte)((isBegin ? 0x02 : 0) | (acknowledges || !isBegin ? 0x10 : 0));
        return Link(from, to, protocol: 6, [.. header, .. Encoding.Latin1.GetBytes(text)]);
    }

    private static byte[] Datagram(string text) => Link(Client, Server, protocol: 17, [15, 160, 0, 53, 0, 0, 0, 0, .. Encoding.Latin1.GetBytes(text)]);

    private static byte[] Link(byte[] from, byte[] to, byte protocol, byte[] carried)
    {
        var header = new byte[20];
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(header.Length + carried.Length));
        header[9] = protocol;
        from.CopyTo(header, 12);
        to.CopyTo(header, 16);
        // Ethernet fills a short frame up.
        return [.. new byte[12], 8, 0, .. header, .. carried, 0, 0, 0];
    }
}
