namespace NovaId.Api.Authentication;

/// <summary>What a valid id_token of the gateway says.</summary>
internal sealed record IdToken
{
    public required string Subject { get; init; }

    public required AuthenticationMethod Method { get; init; }

    /// <summary>The session; null for OAuth2.</summary>
    public string? SessionId { get; init; }

    /// <summary>How sure Kratos is of the person (<c>aal1</c>, <c>aal2</c>); null for OAuth2.</summary>
    public string? AssuranceLevel { get; init; }

    /// <summary>The client that the access token was given to; null for a session.</summary>
    public string? ClientId { get; init; }

    /// <summary>The caller's own access token, which is introspected again; null for a session.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Who it speaks for, without the token.</summary>
    public override string ToString() => $"{Method} {Subject}";
}
