using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>The real boundary with a gateway that speaks TLS.</summary>
[Collection<OwnZone>]
public sealed class SealedCaptureTests(CapturedSealedZone zone) : CaptureTests(zone), IClassFixture<CapturedSealedZone>
{
    /// <summary>Keto has no TLS. The demo is an app of somebody else, which browsers of this machine call on a loopback address.</summary>
    private protected override IReadOnlyList<string> InTheClear => ["oathkeeper → keto:4466", "oathkeeper → keto:4467", "this machine → demo:4460"];

    private protected override IReadOnlyList<string> WithoutAnySecrecy => [];

    private protected override IReadOnlyList<string> OverTls =>
    [
        .. Inside,
        "this machine → oathkeeper:4455",
        .. from program in (string[])["api:8080", "accounts:8081", "admin:8082"] select $"oathkeeper → {program}",
        .. from caller in (string[])["api", "accounts", "admin", "demo", "kratos", "keto", "hydra"] select $"{caller} → oathkeeper:4455",
        .. from program in (string[])["api", "accounts", "admin", "demo"] select $"{program} → this machine:4318",
    ];
}
