using System.Diagnostics;

namespace NovaId.Api.Gateway;

/// <summary>
/// The time that all calls for one request may take together, so that several services that are each just quick enough make no slow answer.
/// Time in which nothing is asked does not count: a client may send its body slowly.
/// </summary>
internal sealed class RequestBudget
{
    private static readonly AsyncLocal<RequestBudget?> Current = new();

    private readonly Lock _lock = new();
    private TimeSpan _spent;
    private long _startedAt;
    private int _calls;

    /// <summary>What is left for the request that this is called for; all of it outside of a request.</summary>
    public static TimeSpan Remaining => Current.Value?.Rest() ?? GatewayChannel.TotalLimit;

    /// <summary>Begins with a request, for everything that is called from here on.</summary>
    public static void Begin() => Current.Value = new RequestBudget();

    /// <summary>Counts the time of a call until it is disposed of. Calls side by side count once.</summary>
    public static Spending Spend()
    {
        var budget = Current.Value;
        budget?.Enter();
        return new Spending(budget);
    }

    private TimeSpan Rest()
    {
        lock (_lock)
        {
            var spent = _calls == 0 ? _spent : _spent + Stopwatch.GetElapsedTime(_startedAt);
            return spent < GatewayChannel.TotalLimit ? GatewayChannel.TotalLimit - spent : TimeSpan.Zero;
        }
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_calls++ == 0)
            {
                _startedAt = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_calls == 0)
            {
                _spent += Stopwatch.GetElapsedTime(_startedAt);
            }
        }
    }

    /// <summary>A call that is being made.</summary>
    public readonly struct Spending(RequestBudget? budget) : IDisposable
    {
        public void Dispose() => budget?.Leave();
    }
}
