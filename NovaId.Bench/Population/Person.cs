namespace NovaId.Bench.Population;

/// <summary>Somebody who calls: by a session, by an OAuth2 token given to an app, and by an API key.</summary>
internal sealed class Person
{
    public required string Id { get; init; }

    public required string Email { get; init; }

    public required string Password { get; init; }

    public string SessionId { get; set; } = "";

    public string SessionToken { get; set; } = "";

    /// <summary>The access token that an app was given for this person.</summary>
    public string AccessToken { get; set; } = "";

    public string KeyId { get; set; } = "";

    public string KeySecret { get; set; } = "";

    /// <summary>The API key's own access token.</summary>
    public string KeyToken { get; set; } = "";

    /// <summary>The address without anything secret.</summary>
    public override string ToString() => Email;
}
