using System.Text.Json;

namespace NovaId.Api.Gateway;

/// <summary>What Hydra says of a token (RFC 7662). Of a token that is not active it says nothing else.</summary>
internal sealed record Introspection
{
    public required bool Active { get; init; }

    public string? TokenUse { get; init; }

    public string? Sub { get; init; }

    public string? ClientId { get; init; }

    public string? Scope { get; init; }

    public string[]? Aud { get; init; }

    /// <summary>What consent put into the token.</summary>
    public JsonElement? Ext { get; init; }

    public IReadOnlyList<string> Scopes => (Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
