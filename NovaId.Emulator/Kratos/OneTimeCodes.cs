using System.Security.Cryptography;
using System.Text;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// The codes that were sent for flows. A code is good for one use, for a while and for its own flow, and a flow takes only so many codes,
/// right or wrong, before it takes none.
/// </summary>
internal sealed class OneTimeCodes(KratosConfiguration configuration, TimeProvider time)
{
    private const int Length = 6;
    private const string Digits = "0123456789";

    /// <summary>How long a flow's count outlives its last code: longer than a flow that could use it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, FlowCodes> _flows = [];
    private int _writes;

    /// <summary>Makes a code for a flow.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="identityId">Whose it is; null for somebody who is only registering.</param>
    /// <param name="address">Where it is sent to; null if it is handed over.</param>
    /// <param name="lifespan">How long it is taken; null takes the configured time.</param>
    /// <returns>The code.</returns>
    public string Create(Guid flowId, Guid? identityId, string? address, TimeSpan? lifespan = null)
    {
        var code = RandomNumberGenerator.GetString(Digits, Length);
        var created = new OneTimeCode(Hash(code), identityId, address, time.GetUtcNow() + (lifespan ?? configuration.CodeLifespan));
        lock (_lock)
        {
            var flow = _flows.GetValueOrDefault(flowId) ?? new FlowCodes(0, [], DateTimeOffset.MinValue);
            var until = created.ExpiresAt > flow.Until ? created.ExpiresAt : flow.Until;
            _flows[flowId] = flow with { Codes = [.. flow.Codes, created], Until = until };
            Clean();
        }

        return code;
    }

    /// <summary>Makes the codes of a flow worthless, before others are sent.</summary>
    public void DeleteOf(Guid flowId)
    {
        lock (_lock)
        {
            if (_flows.TryGetValue(flowId, out var flow))
            {
                _flows[flowId] = flow with { Codes = [] };
            }
        }
    }

    /// <summary>Spends a code.</summary>
    /// <param name="flowId">The flow for which it must have been sent.</param>
    /// <param name="submitted">What was submitted.</param>
    /// <param name="counts">Which codes of the flow count.</param>
    /// <returns>The code, if the flow has it.</returns>
    public (CodeUse Use, OneTimeCode? Code) Use(Guid flowId, string submitted, Func<OneTimeCode, bool> counts)
    {
        var hash = Hash(submitted);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var flow = _flows.GetValueOrDefault(flowId) ?? new FlowCodes(0, [], now);
            flow = flow with { Submissions = flow.Submissions + 1 };
            _flows[flowId] = flow;
            Clean();
            if (flow.Submissions > configuration.CodeMaxSubmissions)
            {
                return (CodeUse.TooOften, null);
            }

            var at = flow.Codes.FindIndex(code => counts(code) && CryptographicOperations.FixedTimeEquals(code.Hash, hash));
            if (at < 0)
            {
                return (CodeUse.Unknown, null);
            }

            var found = flow.Codes[at];
            if (found.ExpiresAt < now)
            {
                return (CodeUse.Expired, found);
            }

            if (found.Used)
            {
                return (CodeUse.AlreadyUsed, found);
            }

            flow.Codes[at] = found with { Used = true };
            return (CodeUse.Accepted, found);
        }
    }

    /// <summary>Makes the codes of a flow run out now.</summary>
    public void Expire(Guid flowId)
    {
        var past = time.GetUtcNow() - TimeSpan.FromSeconds(1);
        lock (_lock)
        {
            if (_flows.TryGetValue(flowId, out var flow))
            {
                _flows[flowId] = flow with { Codes = [.. flow.Codes.Select(code => code with { ExpiresAt = past })] };
            }
        }
    }

    private byte[] Hash(string code) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(code));

    private void Clean()
    {
        if (++_writes % 256 != 0)
        {
            return;
        }

        var limit = time.GetUtcNow() - Grace;
        foreach (var id in _flows.Where(pair => pair.Value.Until < limit).Select(pair => pair.Key).ToArray())
        {
            _flows.Remove(id);
        }
    }

    private sealed record FlowCodes(int Submissions, List<OneTimeCode> Codes, DateTimeOffset Until);
}
