namespace NovaId.AppHost.Configuration;

/// <summary>The zone cannot be started as it is configured; the message names what is wrong and the remedy.</summary>
public sealed class ZoneConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the remedy.</param>
    public ZoneConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the remedy.</param>
    /// <param name="innerException">What led to it.</param>
    public ZoneConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public ZoneConfigurationException()
    {
    }
}
