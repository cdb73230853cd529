using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NovaId.ServiceDefaults;

/// <summary>TLS of a program itself, where it is given a certificate.</summary>
public static class ServerCertificateExtensions
{
    /// <summary>The key of the file with the certificate.</summary>
    public const string CertificateFile = "Tls:CertificateFile";

    /// <summary>The key of the file with its private key.</summary>
    public const string KeyFile = "Tls:KeyFile";

    /// <summary>
    /// Has the program's https addresses (<c>HTTPS_PORTS</c>, <c>ASPNETCORE_URLS</c>) present the certificate of <see cref="CertificateFile"/> and
    /// <see cref="KeyFile"/>, and take it anew when the files are replaced. Nothing changes where neither is said.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">One of the two is missing, or they hold no certificate with its key; the message names file,
    /// key and remedy.</exception>
    public static WebApplicationBuilder AddServerCertificate(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (certificateFile, keyFile) = (builder.Configuration[CertificateFile], builder.Configuration[KeyFile]);
        if (string.IsNullOrWhiteSpace(certificateFile) && string.IsNullOrWhiteSpace(keyFile))
        {
            return builder;
        }

        var certificate = Read(certificateFile, keyFile);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            var logger = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ServerCertificate>();
            // As without TLS. Over HTTP/2 all callers of the gateway would share one connection, which one request of theirs can end: a head
            // that is twice too long is an error of the connection there.
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate.Current(logger).TargetCertificate;
                // With the context, and not the certificate alone, what a handshake needs is made once and not for each.
                https.OnAuthenticate = (_, options) =>
                {
                    options.ServerCertificateContext = certificate.Current(logger);
                    options.ServerCertificateSelectionCallback = null;
                };
            });
        });
        return builder;
    }

    private static ServerCertificate Read(string? certificateFile, string? keyFile)
    {
        if (string.IsNullOrWhiteSpace(certificateFile) || string.IsNullOrWhiteSpace(keyFile))
        {
            var (there, missing) = string.IsNullOrWhiteSpace(keyFile) ? (CertificateFile, KeyFile) : (KeyFile, CertificateFile);
            throw new InvalidOperationException($"{there} names a file and {missing} does not. Name both files (PEM), or neither and go without TLS.");
        }

        try
        {
            return new(certificateFile, keyFile, TimeProvider.System);
        }
        catch (Exception exception) when (ServerCertificate.IsUnreadable(exception))
        {
            throw new InvalidOperationException(
                $"{CertificateFile} ({certificateFile}) and {KeyFile} ({keyFile}) hold no certificate with its private key: {exception.Message} "
                + "Both are PEM, and the key is not encrypted; let this program read them.", exception);
        }
    }
}
