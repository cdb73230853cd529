namespace NovaId.Accounts.Hydra;

/// <summary>A service token, and until when it is used.</summary>
internal sealed record ServiceToken(string Value, DateTimeOffset UsedUntil)
{
    /// <summary>Names nothing: a record would print its members.</summary>
    public override string ToString() => nameof(ServiceToken);
}
