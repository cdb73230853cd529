using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NovaId.Api.AccessLog;
using NovaId.Api.Authorization;
using NovaId.Api.Configuration;
using NovaId.Api.Http;

namespace NovaId.Api.Limits;

/// <summary>
/// Refuses what is too much. A caller counts as who they are, once the gateway's signature says so, and nothing that anybody else does counts
/// against them; who is not recognised counts by address. To be under the limit allows nothing: everything is verified all the same.
/// </summary>
internal sealed class RequestLimiter : IDisposable
{
    /// <summary>Shared by the addresses that are too many to be told apart.</summary>
    private static readonly IPAddress Others = IPAddress.Any;

    private readonly ClientAddresses _addresses;
    private readonly PartitionedRateLimiter<CallerSubject> _byCaller;
    private readonly PartitionedRateLimiter<IPAddress> _byAddress;
    private readonly ConcurrentDictionary<IPAddress, Bucket> _known = new();
    private readonly Meter _meter;
    private readonly Counter<long> _limited;

    public RequestLimiter(IOptions<LimitOptions> options, ClientAddresses addresses, IMeterFactory meters)
    {
        var limits = options.Value;
        _addresses = addresses;
        _meter = meters.Create(DecisionRecorder.MeterName);
        _limited = _meter.CreateCounter<long>("novaid.api.limited", "{request}", "Requests over a limit, by what the limit was for.");

        // A person is told apart from the apps that act for them: what an app does does not lock out the person.
        _byCaller = PartitionedRateLimiter.Create<CallerSubject, (string, string?)>(caller => RateLimitPartition.Get(
            (caller.Id, caller.ClientId),
            _ => new Bucket(limits.Part(limits.CallerPerSecond), limits.Part(limits.CallerBurst))));
        _byAddress = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.Get(
            _known.ContainsKey(address) || _known.Count < limits.MaximumAddresses ? address : Others,
            key => _known[key] = new Bucket(
                limits.Part(limits.AddressPerSecond),
                limits.Part(limits.AddressBurst),
                ended => _known.TryRemove(KeyValuePair.Create(key, ended)))));
    }

    /// <summary>Counts a request of a caller whom the gateway has recognised.</summary>
    /// <exception cref="RefusalException">It is too much.</exception>
    public void AdmitCaller(CallerSubject caller) => Admit(_byCaller.AttemptAcquire(caller), "caller");

    /// <summary>Counts a request that shows no id_token that counts. Those whose id_token does are never asked here.</summary>
    /// <exception cref="RefusalException">It is too much.</exception>
    public void AdmitUnrecognized(HttpContext http) =>
        Admit(_byAddress.AttemptAcquire(_addresses.Find(http) ?? ClientAddresses.OfConnection(http)), "address");

    /// <summary>
    /// Counts a request of an open route. All that come through the gateway have its address, and Oathkeeper says nothing of theirs: where
    /// nobody says whose it is, one limit would be everybody's, which anyone could use up for all others, so there is none.
    /// </summary>
    /// <exception cref="RefusalException">It is too much.</exception>
    public void AdmitOpen(HttpContext http)
    {
        if (_addresses.KnowsGateways && _addresses.Find(http) is { } address)
        {
            Admit(_byAddress.AttemptAcquire(address), "address");
        }
    }

    public void Dispose()
    {
        _byCaller.Dispose();
        _byAddress.Dispose();
        _meter.Dispose();
    }

    private void Admit(RateLimitLease lease, string limit)
    {
        using (lease)
        {
            if (lease.IsAcquired)
            {
                return;
            }

            _limited.Add(1, new KeyValuePair<string, object?>("limit", limit));
            throw lease is LimitedLease limited
                ? Refusal.TooManyRequests(limit, limited.RetryAfter, limited.Unrecorded).AsException()
                : Refusal.TooManyRequests(limit, TimeSpan.FromSeconds(1), unrecorded: 0).AsException();
        }
    }
}
