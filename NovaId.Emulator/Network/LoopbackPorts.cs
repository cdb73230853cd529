using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace NovaId.Emulator.Network;

/// <summary>Free ports of the loopback addresses, for what must know its port before it can listen there.</summary>
internal static class LoopbackPorts
{
    // Below the range that a machine gives to outgoing connections and to whoever asks for any port, so that none of those takes it before
    // the program does, or while that is started again.
    private const int First = 20000;
    private const int Last = 32000;
    private const int BlockSize = 200;

    private static readonly Lock Turn = new();

    /// <summary>The first port of each block is listened to as long as this process lives, so that no other process gives out a port of that block.</summary>
    private static readonly List<TcpListener> Claims = [];

    private static int _next;

    /// <summary>Ports that this process gives to nobody else for a long time, and no other process that asks in this way at all.</summary>
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
                if (!ports.Contains(port) && IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port))
                {
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
        return blocks.Select(block => Listen(IPAddress.Loopback, First + (block * BlockSize), out _)).FirstOrDefault(claim => claim is not null)
            ?? throw new InvalidOperationException($"No block of {BlockSize} ports of 127.0.0.1 from {First} to {Last} is free. End what listens there.");
    }

    /// <remarks>On an address that this machine does not have, nobody listens.</remarks>
    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = Listen(address, port, out var error);
        return listener is not null || error != SocketError.AddressAlreadyInUse;
    }

    /// <returns>Null where that is not to be had.</returns>
    private static TcpListener? Listen(IPAddress address, int port, out SocketError error)
    {
        TcpListener? listener = null;
        try
        {
            listener = new TcpListener(address, port) { ExclusiveAddressUse = true };
            listener.Start();
            error = SocketError.Success;
            return listener;
        }
        catch (SocketException exception)
        {
            listener?.Dispose();
            error = exception.SocketErrorCode;
            return null;
        }
    }
}
