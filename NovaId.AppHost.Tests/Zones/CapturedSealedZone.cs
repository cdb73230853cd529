using System.Globalization;
using NovaId.Emulator.Network;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>The real boundary, and TLS on every hop that can have it.</summary>
public sealed class CapturedSealedZone : CapturedZone
{
    private readonly int _demoPort;

    public CapturedSealedZone()
        : this(LoopbackPorts.Take(1)[0])
    {
    }

    private CapturedSealedZone(int demoPort)
        : base(new() { ["Zone:Kind"] = "sealed", ["Zone:Https"] = "true", ["Zone:DemoPort"] = demoPort.ToString(CultureInfo.InvariantCulture) }) => _demoPort = demoPort;

    internal override Uri? Demo => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", _demoPort).Uri;
}
