namespace NovaId.Emulator.Hydra;

/// <summary>
/// What a device has asked for (RFC 8628, section 3.1). It never changes: when somebody has agreed, another with a session takes its place.
/// </summary>
internal sealed record DeviceRequest
{
    public required string Id { get; init; }

    public required OAuth2Client Client { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Audience { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The key under which the code of the device is kept.</summary>
    public required string DeviceCodeName { get; init; }

    public required string UserCode { get; init; }

    /// <summary>What was granted and by whom; null as long as nobody has agreed.</summary>
    public TokenSession? Session { get; init; }
}
