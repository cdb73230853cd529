namespace NovaId.AppHost.Tests.Zones;

/// <summary>A container zone whose gateway speaks TLS.</summary>
public sealed class HttpsZone() : ContainerZone(new() { ["Zone:Https"] = "true" });
