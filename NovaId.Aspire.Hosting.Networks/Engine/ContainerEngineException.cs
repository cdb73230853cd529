namespace Aspire.Hosting.Networks;

/// <summary>The container engine is missing, too old, or refused what it was asked; the message names the cause and the remedy.</summary>
public sealed class ContainerEngineException : DistributedApplicationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The cause and the remedy.</param>
    public ContainerEngineException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The cause and the remedy.</param>
    /// <param name="innerException">What led to it.</param>
    public ContainerEngineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public ContainerEngineException()
    {
    }
}
