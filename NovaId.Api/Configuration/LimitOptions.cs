using System.Net;

namespace NovaId.Api.Configuration;

/// <summary>How many requests are taken from one caller or one address: section <c>Limits</c>.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>How many instances of the API there are: each counts for itself, and admits its part of every limit.</summary>
    public int Instances { get; set; } = 1;

    /// <summary>How many requests a second a caller may make in the long run.</summary>
    public double CallerPerSecond { get; set; } = 200;

    /// <summary>How many a caller may make at once after a pause.</summary>
    public int CallerBurst { get; set; } = 1000;

    /// <summary>How many requests a second without a valid id_token an address may make in the long run.</summary>
    public double AddressPerSecond { get; set; } = 50;

    /// <summary>How many an address may make at once after a pause.</summary>
    public int AddressBurst { get; set; } = 500;

    /// <summary>How many addresses are told apart at the same time; those beyond share one limit.</summary>
    public int MaximumAddresses { get; set; } = 10_000;

    /// <summary>
    /// The addresses or networks (CIDR) from which the gateway calls. What they say in X-Forwarded-For is believed, and a request of theirs
    /// that says nothing is of nobody in particular. Empty: nothing is believed, and open routes have no limit.
    /// </summary>
    public IList<string> Gateways { get; } = [];

    /// <summary>What one instance admits of a rate.</summary>
    public double Part(double perSecond) => perSecond / Instances;

    /// <summary>What one instance admits of a burst.</summary>
    public int Part(int burst) => Math.Max(1, burst / Instances);

    public static bool TryParseNetwork(string? text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
