using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NovaId.Certificates;

namespace NovaId.Operator.Certificates;

/// <summary>
/// The folders of servers and of those who only ask. In each stands the authority's certificate; in a server's also one of its own and its key,
/// which that server's user alone reads. The key stands there before its certificate, because who watches the certificate reads both when it changes.
/// </summary>
/// <param name="Root">The folder with the folders, each of its server's name.</param>
/// <param name="Servers">The servers.</param>
/// <param name="Clients">The names of the folders in which the authority's certificate stands alone.</param>
/// <param name="Lifetime">How long a certificate counts.</param>
/// <param name="Clock">The clock.</param>
internal sealed record CertificateKeeper(string Root, IReadOnlyList<CertifiedServer> Servers, IReadOnlyList<string> Clients, TimeSpan Lifetime, TimeProvider Clock)
{
    /// <summary>Brings every folder to what it is to hold. What counts stays until a third of its time is left.</summary>
    /// <param name="authority">The authority.</param>
    /// <returns>What was done, and what could not be; each names whose folder it is.</returns>
    public IEnumerable<CertificateReport> Fill(CertificateAuthority authority)
    {
        foreach (var client in Clients)
        {
            if (Try(client, () => Trust(client, authority) ? $"'{client}' has the authority's certificate, which counts until {Shown(authority.NotAfter)}." : null) is { } report)
            {
                yield return report;
            }
        }

        foreach (var server in Servers)
        {
            if (Try(server.Name, () => Certify(server, authority)) is { } report)
            {
                yield return report;
            }
        }
    }

    /// <summary>Says what is missing or does not count, without the authority's key.</summary>
    public IEnumerable<string> Missing()
    {
        foreach (var client in Clients.Where(client => ReadCertificate(PathOf(client, CertificateFileNames.Authority)) is null))
        {
            yield return $"'{client}' has no certificate of the authority yet.";
        }

        foreach (var server in Servers)
        {
            using var authority = ReadCertificate(PathOf(server.Name, CertificateFileNames.Authority));
            using var own = ReadCertificate(PathOf(server.Name, CertificateFileNames.Certificate));
            var reason = authority is null ? "has no certificate of the authority yet"
                : own is null || !File.Exists(PathOf(server.Name, CertificateFileNames.Key)) ? "has no certificate yet"
                : CertificateAuthority.Refusal(authority, own, server.Names, Clock) is { } refusal ? $"has a certificate that {refusal}"
                : null;
            if (reason is not null)
            {
                yield return $"'{server.Name}' {reason}.";
            }
        }
    }

    /// <summary>Whether the authority's certificate was put there now.</summary>
    private bool Trust(string name, CertificateAuthority authority)
    {
        var path = PathOf(name, CertificateFileNames.Authority);
        if (File.Exists(path) && File.ReadAllText(path) == authority.CertificatePem)
        {
            return false;
        }

        OwnedFile.Write(path, authority.CertificatePem, OwnedFile.Readable);
        return true;
    }

    private string? Certify(CertifiedServer server, CertificateAuthority authority)
    {
        Trust(server.Name, authority);
        var (certificate, key) = (PathOf(server.Name, CertificateFileNames.Certificate), PathOf(server.Name, CertificateFileNames.Key));
        if (Reason(server, authority, certificate, key) is not { } reason)
        {
            return null;
        }

        var issued = authority.Issue(server.Names, server.IsRestarted ? CertificateAuthority.LastDays : Lifetime);
        OwnedFile.Write(key, issued.KeyPem, UnixFileMode.UserRead, server.Owner);
        OwnedFile.Write(certificate, issued.CertificatePem, OwnedFile.Readable);
        return $"'{server.Name}' has a new certificate for {string.Join(", ", server.Names)}, which counts until {Shown(issued.NotAfter)}: {reason}.";
    }

    /// <summary>Why a server needs a new certificate; null if it needs none.</summary>
    private string? Reason(CertifiedServer server, CertificateAuthority authority, string certificate, string key)
    {
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            return "it had none";
        }

        using var own = ReadCertificate(certificate);
        if (own is null)
        {
            return "what stood there was no certificate";
        }

        // Whoever was ended between the two has put a key there that is not this certificate's.
        if (File.GetLastWriteTimeUtc(key) > File.GetLastWriteTimeUtc(certificate))
        {
            return "its key was newer than the certificate";
        }

        var issued = new IssuedCertificate("", "", own.NotBefore, own.NotAfter);
        return authority.Refusal(own, server.Names) is { } refusal ? $"the one before {refusal}"
            : NamesOf(own).Except(server.Names, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } name ? $"the one before was for the name {name} too"
            : issued.RenewFrom <= Clock.GetUtcNow() ? $"the one before counted until {Shown(issued.NotAfter)}"
            : null;
    }

    private CertificateReport? Try(string name, Func<string?> act)
    {
        try
        {
            return act() is { } done ? new(done, IsFailure: false) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new($"'{name}' has no new certificate: {exception.Message} Let this program write into {Path.Combine(Root, name)}, and give files there to other users.", IsFailure: true);
        }
    }

    private string PathOf(string name, string file) => Path.Combine(Root, name, file);

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames());

    private static X509Certificate2? ReadCertificate(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>What became of one folder.</summary>
/// <param name="Text">What was done, or could not be.</param>
/// <param name="IsFailure">Whether it could not be.</param>
internal sealed record CertificateReport(string Text, bool IsFailure);
