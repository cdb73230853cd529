using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Limits;

/// <summary>
/// From where a request comes. The address of the connection is what TCP proves. What X-Forwarded-For says is believed of the gateway alone,
/// and there only the last entry, which the proxy before it has seen itself.
/// </summary>
internal sealed class ClientAddresses(IOptions<LimitOptions> options)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const int NetworkBytes = 8;

    private readonly IPNetwork[] _gateways =
        [.. options.Value.Gateways.Select(text => LimitOptions.TryParseNetwork(text, out var network) ? network : default)];

    /// <summary>Whether it is known which connections are the gateway's.</summary>
    public bool KnowsGateways => _gateways.Length > 0;

    /// <summary>The connection's own address.</summary>
    public static IPAddress OfConnection(HttpContext http) => Normalize(http.Connection.RemoteIpAddress ?? IPAddress.None);

    /// <summary>The address of the one client that sent the request; null where the connection carries many and does not say whose it is.</summary>
    public IPAddress? Find(HttpContext http)
    {
        var connection = http.Connection.RemoteIpAddress ?? IPAddress.None;
        connection = connection.IsIPv4MappedToIPv6 ? connection.MapToIPv4() : connection;
        if (!_gateways.Any(gateway => gateway.Contains(connection)))
        {
            return Normalize(connection);
        }

        var last = http.Request.Headers[ForwardedFor] is [.., { } value] ? value[(value.LastIndexOf(',') + 1)..].Trim() : null;
        return IPEndPoint.TryParse(last ?? "", out var client) ? Normalize(client.Address) : null;
    }

    /// <summary>One client has a whole network of IPv6 addresses to choose from, so the network counts.</summary>
    private static IPAddress Normalize(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
