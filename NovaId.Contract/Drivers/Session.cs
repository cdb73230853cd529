namespace NovaId.Contract.Drivers;

/// <summary>A session of Kratos for an app.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="Token">The token that proves it.</param>
public sealed record Session(string Id, string Token)
{
    /// <summary>The session without its token, so that no log shows it.</summary>
    public override string ToString() => Id;
}
