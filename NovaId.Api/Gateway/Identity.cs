namespace NovaId.Api.Gateway;

/// <summary>An identity as Kratos tells it.</summary>
internal sealed record Identity
{
    public const string Active = "active";
    public const string Inactive = "inactive";

    public required Guid Id { get; init; }

    public required string State { get; init; }

    public required PersonTraits Traits { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsActive => State == Active;
}
