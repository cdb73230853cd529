namespace Aspire.Hosting.ApplicationModel;

/// <summary>The authority that signs the certificates of an application's servers.</summary>
/// <param name="name">The name of the resource, and the first part of the authority's own name.</param>
/// <param name="folder">The folder that keeps it, for this user alone; null where it ends with the application.</param>
public sealed class CertificateAuthorityResource(string name, string? folder) : Resource(name)
{
    private readonly Lazy<CertificateAuthority> _authority =
        new(() => folder is null ? CertificateAuthority.Create(name) : Keep(folder, name));

    /// <summary>The folder that keeps it; null where it ends with the application.</summary>
    public string? Folder { get; } = folder;

    /// <summary>How long a server's certificate counts.</summary>
    public TimeSpan CertificateLifetime { get; internal set; } = TimeSpan.FromDays(3);

    /// <summary>The authority itself, made or read when it is first asked for.</summary>
    public CertificateAuthority Authority => _authority.Value;

    private static CertificateAuthority Keep(string folder, string name)
    {
        try
        {
            return CertificateAuthority.Keep(folder, name);
        }
        catch (CertificateAuthorityException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
    }
}
