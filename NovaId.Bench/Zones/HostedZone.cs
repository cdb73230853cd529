namespace NovaId.Bench.Zones;

/// <summary>What a <see cref="ZoneHost"/> says of itself.</summary>
internal sealed record HostedZone(Uri Gateway, string OperatorSecret, string ApiSecret)
{
    /// <summary>The address without the secrets.</summary>
    public override string ToString() => Gateway.ToString();
}
