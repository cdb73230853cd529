namespace NovaId.Contract.Drivers;

/// <summary>A person of the zone with a session.</summary>
/// <param name="Id">The identity in Kratos.</param>
/// <param name="Email">The address, which is also the name to log in with.</param>
/// <param name="Password">The password.</param>
/// <param name="Session">The session that came with the registration.</param>
/// <param name="Caller">The person, calling with that session's token.</param>
public sealed record Person(string Id, string Email, string Password, Session Session, Caller Caller)
{
    /// <summary>The person without the password, so that no log shows it.</summary>
    public override string ToString() => Email;
}
