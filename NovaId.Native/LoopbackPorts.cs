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

    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
