using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NovaId.ServiceDefaults;

/// <summary>Whose certificates count for a client, where they are not those that this machine trusts.</summary>
public static class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>What is wrong with such a file, as a sentence; null where nothing is, or none is named.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The sentence.</returns>
    public static string? ProblemWith(string? file)
    {
        try
        {
            _ = string.IsNullOrEmpty(file) ? null : InAuthoritiesOf(file);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Has a client believe servers whose certificate an authority of the file signed, and nobody else. Nothing changes where none is named.</summary>
    /// <param name="handler">The client's handler.</param>
    /// <param name="file">The file with the authorities' certificates (RFC 7468).</param>
    /// <exception cref="FormatException">The file cannot be read, or holds no certificate; the message names it and the remedy.</exception>
    public static void TrustAuthoritiesOf(this SocketsHttpHandler handler, string? file)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (!string.IsNullOrEmpty(file))
        {
            handler.SslOptions.CertificateChainPolicy = InAuthoritiesOf(file);
        }
    }

    /// <summary>Believes servers whose certificate an authority of the file signed, and nobody else.</summary>
    /// <param name="file">The file with the authorities' certificates (RFC 7468).</param>
    /// <returns>What a client of HTTP is told: <c>SslOptions.CertificateChainPolicy</c>.</returns>
    /// <exception cref="FormatException">The file cannot be read, or holds no certificate; the message names it and the remedy.</exception>
    public static X509ChainPolicy InAuthoritiesOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new(ServerAuthentication));
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"{file} cannot be read: {exception.Message} Name a file with the authority's certificate (PEM) that this program may read.", exception);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new FormatException($"{file} holds no certificate. Name a file with the authority's certificate (PEM).");
    }
}
