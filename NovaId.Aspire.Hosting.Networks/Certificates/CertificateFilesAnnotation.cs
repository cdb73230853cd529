namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a container finds in <see cref="CertificateFiles.Folder"/>: its authority's certificate, and one of its own if it is a server.</summary>
/// <param name="authority">The authority.</param>
internal sealed class CertificateFilesAnnotation(CertificateAuthorityResource authority) : IResourceAnnotation
{
    /// <summary>The authority.</summary>
    public CertificateAuthorityResource Authority { get; } = authority;

    /// <summary>The names by which the server is called; none where it is no server.</summary>
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>Further names of the server that whoever deploys says.</summary>
    public IList<ReferenceExpression> FurtherNames { get; } = [];

    /// <summary>The numeric id of the user who reads the key; null where it is whoever runs the program.</summary>
    public int? Owner { get; set; }

    /// <summary>The signal at which the server reads its files again; null where it notices by itself.</summary>
    public string? ReloadSignal { get; set; }

    /// <summary>The program of the image, in front of which a shell looks for a new certificate in what is published; null where the program
    /// notices by itself.</summary>
    public string? Watched { get; set; }

    /// <summary>What that shell runs to have the program read its files again; null where it starts the program again.</summary>
    public string? Reload { get; set; }

    /// <summary>The folder of this machine in which a program finds the files, or a container that mounts it; null where they are put into the
    /// container.</summary>
    public CertificateFolder? OfThisMachine { get; set; }

    /// <summary>Whether the server reads its files when it starts and never again, so that its certificate counts as long as any may; a container is
    /// started again for a new one.</summary>
    public bool IsReadOnce { get; set; }

    /// <summary>What the container was given last; null where it was given none yet.</summary>
    public IssuedCertificate? Current { get; set; }

    /// <summary>Where whoever reads the files finds one of <see cref="CertificateFiles"/>.</summary>
    public string SeenAs(string file) => OfThisMachine?.SeenAs(file) ?? file;

    /// <summary>Everything the container is to find, with a new certificate. The key stands before its certificate, because who watches the
    /// certificate reads both when that changes.</summary>
    public IEnumerable<ContainerFile> NewFiles()
    {
        yield return Readable(CertificateFiles.Authority, Authority.Authority.CertificatePem);
        if (Names.Count == 0)
        {
            yield break;
        }

        Current = Authority.Authority.Issue(Names, IsReadOnce ? CertificateAuthority.LastDays : Authority.CertificateLifetime);
        yield return new() { Name = Path.GetFileName(CertificateFiles.Key), Contents = Current.KeyPem, Owner = Owner, Mode = UnixFileMode.UserRead };
        yield return Readable(CertificateFiles.Certificate, Current.CertificatePem);
    }

    private static ContainerFile Readable(string path, string contents) => new()
    {
        Name = Path.GetFileName(path),
        Contents = contents,
        Mode = OwnedFile.Readable,
    };
}
