namespace NovaId.Api.Gateway;

/// <summary>From where a session was used, as Kratos saw it.</summary>
internal sealed record SessionDevice
{
    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }
}
