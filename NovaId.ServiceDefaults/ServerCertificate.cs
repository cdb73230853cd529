using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace NovaId.ServiceDefaults;

/// <summary>
/// A program's own certificate from two files, which are read again when the certificate's file is replaced: new connections get the new
/// one, and those that stand go on. What cannot be read leaves the one before. Whoever replaces the files puts the key there first.
/// </summary>
/// <param name="certificateFile">The certificate (RFC 7468), with whoever signed it below it where there is somebody in between.</param>
/// <param name="keyFile">Its private key (RFC 7468), not encrypted.</param>
/// <param name="clock">The clock.</param>
internal sealed partial class ServerCertificate(string certificateFile, string keyFile, TimeProvider clock)
{
    /// <summary>A look at a file's date costs little, and is not to be paid by every connection.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    // Before the file itself is read: what comes between is found at the next look.
    private DateTime _written = File.GetLastWriteTimeUtc(certificateFile);
    private SslStreamCertificateContext _current = Read(certificateFile, keyFile);
    private DateTime _unreadable;
    private DateTimeOffset _nextLook = clock.GetUtcNow() + Pause;

    /// <summary>What a new connection is to be given.</summary>
    /// <param name="logger">Where is written what was read, or not.</param>
    public SslStreamCertificateContext Current(ILogger logger)
    {
        lock (_lock)
        {
            if (clock.GetUtcNow() < _nextLook)
            {
                return _current;
            }

            _nextLook = clock.GetUtcNow() + Pause;
            var written = File.GetLastWriteTimeUtc(certificateFile);
            if (written == _written)
            {
                return _current;
            }

            try
            {
                _current = Read(certificateFile, keyFile);
                _written = written;
                LogRead(logger, certificateFile, _current.TargetCertificate.NotAfter);
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                // It is tried again, since the key may still be on its way; and said once.
                if (_unreadable != written)
                {
                    LogKept(logger, certificateFile, _current.TargetCertificate.NotAfter, exception.Message);
                }

                _unreadable = written;
            }

            return _current;
        }
    }

    /// <summary>Whether an exception says that the files are not there, or hold no certificate with its key.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static SslStreamCertificateContext Read(string certificateFile, string keyFile)
    {
        using var read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(certificateFile);
        // On Windows, TLS takes no key that has never been in a store of keys.
        var own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        return SslStreamCertificateContext.Create(own, [.. all.Skip(1)], offline: true);
    }

    [LoggerMessage(1, LogLevel.Information, "{CertificateFile} is new and counts until {NotAfter:u}; connections from now on get it.")]
    private static partial void LogRead(ILogger logger, string certificateFile, DateTime notAfter);

    [LoggerMessage(2, LogLevel.Warning, "{CertificateFile} was replaced and cannot be read; the certificate from before stays, which counts until {NotAfter:u}. {Reason}")]
    private static partial void LogKept(ILogger logger, string certificateFile, DateTime notAfter, string reason);
}
