namespace NovaId.Operator;

/// <summary>A token of the operator's client.</summary>
/// <param name="Value">The token.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record ServiceToken(string Value, DateTimeOffset ExpiresAt)
{
    /// <summary>The token without what it opens, so that no log shows it.</summary>
    /// <returns>When it expires.</returns>
    public override string ToString() => FormattableString.Invariant($"a token until {ExpiresAt:u}");
}
