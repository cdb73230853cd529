namespace NovaId.Api.Gateway;

/// <summary>What an app asked for.</summary>
internal sealed record ConsentRequest
{
    public required string Subject { get; init; }

    public required ConsentClient Client { get; init; }
}
