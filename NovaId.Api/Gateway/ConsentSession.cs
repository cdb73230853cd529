namespace NovaId.Api.Gateway;

/// <summary>A consent as Hydra tells it.</summary>
internal sealed record ConsentSession
{
    public string[]? GrantScope { get; init; }

    public string[]? GrantAccessTokenAudience { get; init; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset? HandledAt { get; init; }

    public required ConsentRequest ConsentRequest { get; init; }
}
