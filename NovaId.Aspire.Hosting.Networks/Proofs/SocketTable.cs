using System.Globalization;
using System.Net;

namespace Aspire.Hosting.Networks;

/// <summary>The kernel's tables <c>/proc/net/tcp</c> and <c>tcp6</c>: <see href="https://docs.kernel.org/networking/proc_net_tcp.html"/>.</summary>
internal static class SocketTable
{
    private const string Listen = "0A";
    private static readonly IPAddress EngineNameServer = IPAddress.Parse("127.0.0.11");

    /// <summary>Everything that listens, but for the engine's own name server in each container.</summary>
    public static IReadOnlyList<IPEndPoint> Listening(string table) =>
    [
        .. from line in table.Split('\n')
           let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where fields.Length > 3 && fields[3] == Listen
           let socket = fields[1].Split(':')
           let address = Parse(socket[0])
           where !address.Equals(EngineNameServer)
           select new IPEndPoint(address, int.Parse(socket[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Words of 32 bits, each in the order of the machine, which is little-endian wherever the engine runs.</summary>
    private static IPAddress Parse(string hexadecimal)
    {
        var bytes = Convert.FromHexString(hexadecimal);
        for (var word = 0; word < bytes.Length; word += sizeof(uint))
        {
            bytes.AsSpan(word, sizeof(uint)).Reverse();
        }

        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
