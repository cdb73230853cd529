using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NovaId.Api.Storage;
using Npgsql;

namespace NovaId.Tests.Storage;

/// <summary>A server that lets people in and then says nothing more.</summary>
public sealed class PostgresDatabaseTests
{
    private const int GreetingLength = 8;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_waits_too_long_for_what_another_connection_asks_is_told_that_the_server_does_not_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var database = new PostgresDatabase($"Host=127.0.0.1;Port={port};Username=someone;Database=some;SSL Mode=Disable;GSS Encryption Mode=Disable;Timeout=4");

        // The second one is let in at once, and asks; the first one comes to it with half of its time gone, and waits for the second.
        var first = database.OpenConnectionAsync(Cancelled);
        using var slow = await listener.AcceptTcpClientAsync(Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancelled);
        var second = database.OpenConnectionAsync(Cancelled);
        using var quick = await listener.AcceptTcpClientAsync(Cancelled);
        await LetInAsync(quick);
        await quick.GetStream().ReadExactlyAsync(new byte[1], Cancelled);
        await LetInAsync(slow);

        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => first);

        Assert.IsType<TimeoutException>(failure.InnerException);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => second);
    }

    /// <summary>AuthenticationOk, the parameters that a client needs, and ReadyForQuery: https://www.postgresql.org/docs/current/protocol-flow.html.</summary>
    private static async Task LetInAsync(TcpClient client)
    {
        var stream = client.GetStream();
        var greeting = new byte[GreetingLength];
        await stream.ReadExactlyAsync(greeting, Cancelled);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(greeting) - GreetingLength], Cancelled);
        await stream.WriteAsync(
            (byte[])[.. Message('R', [0, 0, 0, 0]), .. Parameter("server_version", "17.0"), .. Parameter("client_encoding", "UTF8"), .. Message('K', new byte[8]), .. Message('Z', "I"u8)],
            Cancelled);
    }

    private static byte[] Parameter(string name, string value) => Message('S', Encoding.ASCII.GetBytes($"{name}\0{value}\0"));

    private static byte[] Message(char kind, ReadOnlySpan<byte> content)
    {
        var message = new byte[5 + content.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + content.Length);
        content.CopyTo(message.AsSpan(5));
        return message;
    }
}
