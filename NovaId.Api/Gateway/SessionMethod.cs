namespace NovaId.Api.Gateway;

/// <summary>A factor that was shown in a session.</summary>
internal sealed record SessionMethod
{
    public string? Method { get; init; }
}
