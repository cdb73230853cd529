using System.Net;
using System.Net.Sockets;

namespace NovaId.Api.Account;

/// <summary>
/// An address that a person can make something of. Kratos sees the gateway's where nothing in front of it says more, and that is an address of
/// the inside.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Inside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7",
            "fe80::/10",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The address without its port; null if it is none, or one of the inside.</summary>
    public static string? Of(string? text)
    {
        if (!IPEndPoint.TryParse(text ?? "", out var endpoint))
        {
            return null;
        }

        var address = endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address;
        return Inside.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            ? null
            : address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()).ToString() : address.ToString();
    }
}
