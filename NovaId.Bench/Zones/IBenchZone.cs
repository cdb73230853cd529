using NovaId.Operator;

namespace NovaId.Bench.Zones;

/// <summary>A running zone to be measured.</summary>
internal interface IBenchZone : IAsyncDisposable
{
    /// <summary>What kind of zone it is, for the report.</summary>
    string Kind { get; }

    Uri Gateway { get; }

    /// <summary>The API's own address; null where it cannot be reached past the gateway.</summary>
    Uri? Api { get; }

    /// <summary>The operator's client, with what it proves itself with.</summary>
    OperatorAccount Operator { get; }

    /// <summary>The API's process; null where it runs elsewhere.</summary>
    ProcessMeter? ApiProcess { get; }

    /// <summary>Whether the zone and all in it is gone afterwards; otherwise what was made in it is removed again.</summary>
    bool IsOurs { get; }

    /// <summary>Lets the zone's databases take note of what was put into them, as they would in their own time.</summary>
    Task SettleAsync();
}
