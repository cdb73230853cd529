namespace NovaId.Operator;

/// <summary>Somebody whom the operator makes an account for.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="FirstName">The first name.</param>
/// <param name="LastName">The last name.</param>
public sealed record NewPerson(string Email, string FirstName, string LastName)
{
    /// <summary>The password; null makes an account that nobody can log in to before a recovery.</summary>
    public string? Password { get; init; }

    /// <summary>What <see cref="Person.IsMarked"/> finds; null leaves no mark.</summary>
    public string? Mark { get; init; }

    /// <summary>The person without the password, so that no log shows it.</summary>
    /// <returns>The e-mail address.</returns>
    public override string ToString() => Email;
}
