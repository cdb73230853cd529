using System.Net;

namespace Aspire.Hosting.Networks;

/// <summary>Addresses that nobody has: the engine gives them from the lowest on.</summary>
internal static class AddressSpace
{
    /// <summary>The highest free address beside another.</summary>
    public static string Unused(ObservedAddress beside, IReadOnlyList<ObservedAddress> taken)
    {
        var bytes = beside.Address.GetAddressBytes();
        for (var bit = beside.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        // The highest of all is the broadcast address.
        do
        {
            bytes[^1]--;
        }
        while (taken.Any(other => other.Address.GetAddressBytes().AsSpan().SequenceEqual(bytes)));
        return new IPAddress(bytes).ToString();
    }

    /// <summary>The highest free address of a network; null where nobody stands on it.</summary>
    public static string? Unused(string network, IReadOnlyList<ObservedAddress> taken) =>
        taken.FirstOrDefault(address => address.Network == network) is { } beside ? Unused(beside, taken) : null;
}
