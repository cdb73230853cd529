namespace NovaId.Api.Gateway;

/// <summary>A person's name; either part may be missing.</summary>
internal sealed record PersonName
{
    public string? First { get; init; }

    public string? Last { get; init; }
}
