namespace NovaId.Accounts.Hydra;

/// <summary>The token endpoint's answer (RFC 6749, section 5.1).</summary>
internal sealed record TokenAnswer(string? AccessToken, long ExpiresIn)
{
    /// <summary>Names nothing: a record would print its members.</summary>
    public override string ToString() => nameof(TokenAnswer);
}
