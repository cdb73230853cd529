namespace NovaId.Emulator;

/// <summary>A person whom the zone registered at its start.</summary>
/// <param name="Id">The identity's id in Kratos.</param>
/// <param name="Rank">The rank in Keto.</param>
/// <param name="Email">The identifier to log in with.</param>
/// <param name="Password">The password, generated unless the zone was given one.</param>
public sealed record SeededPerson(Guid Id, string Rank, string Email, string Password)
{
    /// <summary>The person without the password, so that no log shows it.</summary>
    /// <returns>Rank and address.</returns>
    public override string ToString() => $"{Rank} {Email}";
}
