using System.Collections.Concurrent;

namespace NovaId.Contract.Api;

/// <summary>What belongs to a person, so that it can be looked for when they are gone.</summary>
internal sealed class AccountRemains
{
    public ConcurrentBag<string> Documents { get; } = [];

    public ConcurrentBag<string> Keys { get; } = [];

    /// <summary>The access token of an API key.</summary>
    public string? KeyToken { get; set; }

    /// <summary>The tokens of an app.</summary>
    public Tokens? Tokens { get; set; }
}
