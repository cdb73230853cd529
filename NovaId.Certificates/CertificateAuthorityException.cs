namespace NovaId.Certificates;

/// <summary>An authority cannot be used; the message names the file and the remedy.</summary>
public sealed class CertificateAuthorityException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the remedy.</param>
    public CertificateAuthorityException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the remedy.</param>
    /// <param name="innerException">What led to it.</param>
    public CertificateAuthorityException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message that says little.</summary>
    public CertificateAuthorityException()
    {
    }
}
