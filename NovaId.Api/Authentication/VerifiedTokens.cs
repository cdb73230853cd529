using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using NovaId.Api.AccessLog;

namespace NovaId.Api.Authentication;

/// <summary>
/// The id_tokens whose signature was verified. The gateway sends the same id_token again until it is nearly over, and what a signature says
/// of the same bytes never changes. What may change is asked each time: whether the key is still the gateway's, and whether the time is
/// within the token's.
/// </summary>
internal sealed class VerifiedTokens : IDisposable
{
    /// <summary>More than the people who are likely to call within the two minutes of an id_token; of a few kilobytes each.</summary>
    private const int Maximum = 2048;

    /// <summary>Half the life of an id_token: what is over is kept no longer than what counts.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, VerifiedToken> _tokens = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly ITimer _sweeping;

    public VerifiedTokens(TimeProvider time, IMeterFactory meters)
    {
        _time = time;
        _meter = meters.Create(DecisionRecorder.MeterName);
        _meter.CreateObservableGauge("novaid.api.id_tokens", () => _tokens.Count, "{id_token}", "Verified id_tokens that are remembered.");
        _sweeping = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    public bool TryFind(string encoded, [NotNullWhen(true)] out VerifiedToken? verified) => _tokens.TryGetValue(encoded, out verified);

    public void Add(string encoded, VerifiedToken verified)
    {
        if (_tokens.Count >= Maximum)
        {
            _tokens.Clear();
        }

        _tokens[encoded] = verified;
    }

    public void Dispose()
    {
        _sweeping.Dispose();
        _meter.Dispose();
    }

    private void Sweep()
    {
        var now = _time.GetUtcNow();
        foreach (var entry in _tokens)
        {
            if (!entry.Value.CountsAt(now))
            {
                _tokens.TryRemove(entry);
            }
        }
    }
}
