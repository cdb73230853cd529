using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// The flows behind challenges and verifiers. Hydra encrypts the flow into the handle; here the handle is random and the flow stays in
/// memory, which looks the same from outside: a handle stands for one state of the flow and can be read again until it expires, and it is
/// as long as Hydra's, so that a page or a proxy that has no room for it is noticed.
/// </summary>
internal sealed class FlowStore(HydraSettings settings, TimeProvider time)
{
    /// <summary>So many bytes make it unguessable.</summary>
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

        var handle = GoBase64.Encode(RandomNumberGenerator.GetBytes(Math.Max(HandleLength, SealedLength(flow))));
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

    /// <summary>How long the flow is where Hydra puts it into the handle: as JSON, compressed.</summary>
    private static int SealedLength(Flow flow)
    {
        var json = new JsonObject
        {
            ["i"] = flow.Id,
            ["n"] = Guid.Empty.ToString(),
            ["rs"] = ClientMetadata.ToArray(flow.RequestedScope),
            ["ra"] = ClientMetadata.ToArray(flow.RequestedAudience),
            ["s"] = flow.Subject,
            ["oc"] = flow.OpenIdContext?.DeepClone(),
            ["c"] = flow.Client?.ToJson(),
            ["ci"] = flow.Client?.Id,
            ["r"] = flow.RequestUrl,
            ["si"] = flow.SessionId,
            ["is"] = flow.IdentityProviderSessionId,
            ["lc"] = flow.LoginCsrf,
            ["ia"] = flow.RequestedAt,
            ["am"] = ClientMetadata.ToArray(flow.Amr),
            ["ct"] = flow.Context?.DeepClone(),
            ["la"] = flow.AuthenticatedAt,
            ["di"] = flow.DeviceChallengeId,
            ["dr"] = flow.DeviceRequestId,
            ["dc"] = flow.DeviceCsrf,
            ["cc"] = flow.ConsentRequestId,
            ["cr"] = flow.ConsentCsrf,
            ["gs"] = ClientMetadata.ToArray(flow.GrantedScope),
            ["ga"] = ClientMetadata.ToArray(flow.GrantedAudience),
            ["st"] = flow.IdTokenSession?.DeepClone(),
            ["sa"] = flow.AccessTokenSession?.DeepClone(),
        };
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(JsonSerializer.SerializeToUtf8Bytes(json));
        }

        // A nonce of XChaCha20 and the tag of Poly1305 come to it.
        return (int)compressed.Length + 24 + 16;
    }

    private static string Kind(FlowPurpose purpose) => purpose switch
    {
        FlowPurpose.LoginChallenge or FlowPurpose.LoginVerifier => "login",
        FlowPurpose.DeviceChallenge or FlowPurpose.DeviceVerifier => "device",
        _ => "consent",
    };
}
