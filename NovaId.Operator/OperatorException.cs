namespace NovaId.Operator;

/// <summary>What the operator wanted could not be done; the message says what was asked, why not, and what helps. No secret is in it.</summary>
public sealed class OperatorException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why, and what helps.</param>
    public OperatorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why, and what helps.</param>
    /// <param name="innerException">What led to it.</param>
    public OperatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public OperatorException()
    {
    }

    /// <summary>Of what kind it is; <see cref="OperatorFailure.Refused"/> if nothing is said.</summary>
    public OperatorFailure Failure { get; init; }
}
