using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// An authorization request on its way through login and consent. It never changes: each challenge and each verifier stands for the flow
/// as it was then.
/// </summary>
internal sealed record Flow
{
    public required string Id { get; init; }

    /// <summary>The client; null only while a device flow waits for the code that names it.</summary>
    public required OAuth2Client? Client { get; init; }

    public required string RequestUrl { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required IReadOnlyList<string> RequestedScope { get; init; }

    public required IReadOnlyList<string> RequestedAudience { get; init; }

    /// <summary>What the application asked for in terms of OpenID Connect; a device asks for nothing, and has null.</summary>
    public required JsonObject? OpenIdContext { get; init; }

    public required string SessionId { get; init; }

    public required string LoginCsrf { get; init; }

    /// <summary>Whether the browser has a remembered login, so that nobody need be asked.</summary>
    public required bool LoginSkip { get; init; }

    public required string Subject { get; init; }

    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The session of the identity provider that the login came from; empty if the login page named none.</summary>
    public string IdentityProviderSessionId { get; init; } = "";

    public bool LoginRemember { get; init; }

    public int LoginRememberFor { get; init; }

    public bool ExtendSessionLifespan { get; init; }

    public string Acr { get; init; } = "";

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>Whatever the login page wants the consent page to know.</summary>
    public JsonNode? Context { get; init; }

    public DeniedRequest? LoginError { get; init; }

    /// <summary>Not empty where a device began the flow.</summary>
    public string DeviceChallengeId { get; init; } = "";

    public string DeviceCsrf { get; init; } = "";

    /// <summary>The request of the device whose code was entered.</summary>
    public string DeviceRequestId { get; init; } = "";

    public string ConsentRequestId { get; init; } = "";

    public string ConsentCsrf { get; init; } = "";

    public bool ConsentSkip { get; init; }

    public IReadOnlyList<string> GrantedScope { get; init; } = [];

    public IReadOnlyList<string> GrantedAudience { get; init; } = [];

    /// <summary>When the consent page answered.</summary>
    public DateTimeOffset? ConsentHandledAt { get; init; }

    public bool ConsentRemember { get; init; }

    public int ConsentRememberFor { get; init; }

    public JsonObject? AccessTokenSession { get; init; }

    public JsonObject? IdTokenSession { get; init; }

    public DeniedRequest? ConsentError { get; init; }
}
