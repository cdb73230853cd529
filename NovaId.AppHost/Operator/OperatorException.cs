namespace NovaId.AppHost.Operator;

/// <summary>What the operator wanted could not be done; the message says why.</summary>
public sealed class OperatorException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why.</param>
    public OperatorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">What led to it.</param>
    public OperatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public OperatorException()
    {
    }
}
