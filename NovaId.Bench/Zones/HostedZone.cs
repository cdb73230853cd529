namespace NovaId.Bench.Zones;

/// <summary>What a <see cref="ZoneHost"/> says of itself.</summary>
internal sealed record HostedZone(Uri Gateway, string OperatorKey, string ApiKey)
{
    /// <summary>The address without the keys.</summary>
    public override string ToString() => Gateway.ToString();
}
