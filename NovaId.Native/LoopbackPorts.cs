using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace NovaId.Native;

/// <summary>Free ports of the loopback interface, for programs that must be told theirs.</summary>
internal static class LoopbackPorts
{
    // Below the range that Linux gives to outgoing connections, so that none of those takes the port before the program does.
    private const int First = 20000;
    private const int Last = 32000;
    private const int BlockSize = 200;

    private static readonly Lock Turn = new();

    /// <summary>The first port of each block is listened to as long as this process lives, so that no other process gives out a port of that block.</summary>
    private static readonly List<TcpListener> Claims = [];

    private static int _next;

    public static int[] Take(int count)
    {
        var ports = new List<int>(count);
        lock (Turn)
        {
            // In order, because a port that was given out is free until its program listens.
            for (var passed = 0; ports.Count < count; passed++, _next++)
            {
                if (Claims.Count == 0 || passed > Claims.Count * BlockSize)
                {
                    Claims.Add(Claim());
                    (_next, passed) = ((Claims.Count - 1) * BlockSize, 0);
                }

                _next %= Claims.Count * BlockSize;
                var port = ((IPEndPoint)Claims[_next / BlockSize].LocalEndpoint).Port + (_next % BlockSize);
                if (!ports.Contains(port) && Listen(port) is { } listener)
                {
                    listener.Dispose();
                    ports.Add(port);
                }
            }
        }

        return [.. ports];
    }

    private static TcpListener Claim()
    {
        var blocks = Enumerable.Range(0, (Last - First) / BlockSize).ToArray();
        RandomNumberGenerator.Shuffle(blocks.AsSpan());
        return blocks.Select(block => Listen(First + (block * BlockSize))).FirstOrDefault(claim => claim is not null)
            ?? throw new InvalidOperationException($"No block of {BlockSize} ports of 127.0.0.1 from {First} to {Last} is free. End what listens there.");
    }

    /// <returns>Null where somebody else listens.</returns>
    private static TcpListener? Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
