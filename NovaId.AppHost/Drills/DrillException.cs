namespace NovaId.AppHost.Drills;

/// <summary>A drill cannot be held; the message says why and what to do.</summary>
public sealed class DrillException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why, and what to do.</param>
    public DrillException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why, and what to do.</param>
    /// <param name="innerException">What led to it.</param>
    public DrillException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public DrillException()
    {
    }
}
