namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>A method that new people register with.</summary>
internal interface IRegistrationStrategy : IStrategy
{
    /// <summary>Puts its inputs into a new form.</summary>
    void Populate(HttpContext http, Flow flow);

    /// <summary>Answers a submission. The outcome's identity is one to create; it is in no store yet.</summary>
    /// <exception cref="FormException">The user can put it right.</exception>
    /// <exception cref="KratosException">It is refused.</exception>
    Task<Outcome> RegisterAsync(Attempt attempt);
}
