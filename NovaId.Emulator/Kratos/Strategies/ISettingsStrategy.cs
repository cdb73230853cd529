namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>A method with something that people change of themselves.</summary>
internal interface ISettingsStrategy : IStrategy
{
    /// <summary>Puts its inputs into a form that is new or was just saved.</summary>
    void Populate(HttpContext http, Flow flow, Identity identity);

    /// <summary>Makes the submitted change. The outcome's identity is the changed one.</summary>
    /// <param name="attempt">The submission, with the session of whoever sent it.</param>
    /// <exception cref="FormException">The user can put it right.</exception>
    /// <exception cref="KratosException">It is refused.</exception>
    Task<Outcome> ChangeAsync(Attempt attempt);
}
