namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>A method that signs in, or that adds a second factor to a session.</summary>
internal interface ILoginStrategy : IStrategy
{
    /// <summary>The assurance level that it adds to a session.</summary>
    string AssuranceLevel { get; }

    /// <summary>Puts its inputs into a new form, if it can answer this request: the assurance level, and, where there is a session,
    /// who signs in again or adds a factor.</summary>
    void Populate(HttpContext http, Flow flow, ActiveSession? current);

    /// <summary>Answers a submission. Whoever it proves is the outcome's identity.</summary>
    /// <exception cref="FormException">The user can put it right.</exception>
    /// <exception cref="KratosException">It is refused.</exception>
    Task<Outcome> LoginAsync(Attempt attempt);
}
