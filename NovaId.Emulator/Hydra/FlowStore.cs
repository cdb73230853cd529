using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// The flows behind challenges and verifiers. Hydra encrypts the flow into the handle; here the handle is random and the flow stays in
/// memory, which looks the same from outside: a handle stands for one state of the flow and can be read again until it expires.
/// </summary>
internal sealed class FlowStore(HydraSettings settings, TimeProvider time)
{
    private const int HandleLength = 32;
    private const int AddsBetweenCleanings = 256;

    private readonly ConcurrentDictionary<(FlowPurpose Purpose, string Handle), Flow> _flows = new();
    private int _added;

    public string Add(FlowPurpose purpose, Flow flow)
    {
        if (Interlocked.Increment(ref _added) % AddsBetweenCleanings == 0)
        {
            Clean();
        }

        var handle = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(HandleLength));
        _flows[(purpose, handle)] = flow;
        return handle;
    }

    /// <summary>The flow of a challenge.</summary>
    /// <exception cref="OAuth2Exception">There is none, or it has expired.</exception>
    public Flow GetByChallenge(FlowPurpose purpose, string challenge) => Get(purpose, challenge, OAuth2Error.ChallengeNotFound);

    /// <summary>The flow of a verifier.</summary>
    /// <exception cref="OAuth2Exception">There is none, or it has expired.</exception>
    public Flow GetByVerifier(FlowPurpose purpose, string verifier) => Get(purpose, verifier, OAuth2Error.AccessDenied with
    {
        Hint = $"The {Kind(purpose)} verifier has already been used, has not been granted, or is invalid.",
    });

    private Flow Get(FlowPurpose purpose, string handle, OAuth2Error missing)
    {
        var flow = _flows.GetValueOrDefault((purpose, handle)) ?? throw missing.AsException();
        return flow.RequestedAt + settings.LoginConsentLifespan >= time.GetUtcNow()
            ? flow
            : throw OAuth2Error.RequestUnauthorized.With($"The {Kind(purpose)} request has expired, please try again.");
    }

    /// <summary>An expired handle is kept as long again, so that it is told from an unknown one.</summary>
    private void Clean()
    {
        var limit = time.GetUtcNow() - (2 * settings.LoginConsentLifespan);
        foreach (var (key, flow) in _flows)
        {
            if (flow.RequestedAt < limit)
            {
                _flows.TryRemove(key, out _);
            }
        }
    }

    private static string Kind(FlowPurpose purpose) =>
        purpose is FlowPurpose.LoginChallenge or FlowPurpose.LoginVerifier ? "login" : "consent";
}
