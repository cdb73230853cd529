namespace NovaId.Api.Gateway;

/// <summary>A session as Kratos tells it, with the identity it belongs to.</summary>
internal sealed record Session
{
    public required Guid Id { get; init; }

    /// <summary>Whether it counts: neither ended nor run out, and of an active identity.</summary>
    public required bool Active { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Identity Identity { get; init; }
}
