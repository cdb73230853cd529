using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>The zone as it starts where nothing is said: its gateway speaks HTTP, and the programs behind it are this machine's own.</summary>
[Collection<OwnZone>]
public sealed class OpenCaptureTests(CapturedOpenZone zone) : CaptureTests(zone), IClassFixture<CapturedOpenZone>
{
    /// <summary>Keto has no TLS, and spans go through the gateway.</summary>
    private protected override IReadOnlyList<string> InTheClear =>
        ["oathkeeper → keto:4466", "oathkeeper → keto:4467", "keto → oathkeeper:4455", "hydra → oathkeeper:4455"];

    /// <summary>Kratos' spans hold the addresses that a login for an app goes through, with what these hand over.</summary>
    private protected override IReadOnlyList<string> WithoutAnySecrecy => ["this machine → oathkeeper:4455", "kratos → oathkeeper:4455"];

    private protected override IReadOnlyList<string> OverTls =>
        [.. Inside, .. from program in (string[])["8080", "8081", "8082"] select $"oathkeeper → this machine:{program}"];
}
