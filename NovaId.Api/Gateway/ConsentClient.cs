namespace NovaId.Api.Gateway;

/// <summary>An app that somebody let in.</summary>
internal sealed record ConsentClient
{
    public required string ClientId { get; init; }

    public string? ClientName { get; init; }

    public string? ClientUri { get; init; }

    public string? LogoUri { get; init; }

    public string? PolicyUri { get; init; }

    public string? TosUri { get; init; }
}
