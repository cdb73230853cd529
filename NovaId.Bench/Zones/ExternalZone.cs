using NovaId.Operator;

namespace NovaId.Bench.Zones;

/// <summary>A zone that runs somewhere. Only what goes through its gateway can be measured, and what was made in it is removed again.</summary>
internal sealed class ExternalZone(Uri gateway, OperatorAccount account) : IBenchZone
{
    public string Kind => "a zone that runs elsewhere";

    public Uri Gateway => gateway;

    public Uri? Api => null;

    public OperatorAccount Operator => account;

    public ProcessMeter? ApiProcess => null;

    public bool IsOurs => false;

    public Task SettleAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
