namespace Aspire.Hosting.Networks;

/// <summary>What a container finds in <see cref="CertificateFiles.Folder"/>.</summary>
/// <param name="Authority">The authority whose certificates count for it.</param>
/// <param name="Names">The names by which it is called; none where it is no server, and finds the authority's certificate alone.</param>
/// <param name="Owner">The numeric id of the user who alone reads its key; null if only the image says.</param>
/// <param name="IsReadOnce">Whether it is started again for a new one, which then counts as long as any may.</param>
internal sealed record PublishedCertificate(string Authority, IReadOnlyList<PublishedText> Names, int? Owner, bool IsReadOnce)
{
    /// <summary>Whether it has a certificate of its own.</summary>
    public bool IsServer => Names.Count > 0;
}

/// <summary>An authority of what is published.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CertificateLifetime">How long a server's certificate counts.</param>
/// <param name="Signer">Who signs in a compose file; null if nobody is named.</param>
internal sealed record PublishedAuthority(string Name, TimeSpan CertificateLifetime, PublishedSigner? Signer);

/// <summary>A program that signs.</summary>
/// <param name="Image">Its image.</param>
/// <param name="PullPolicy">When the image is pulled; null if the engine decides.</param>
/// <param name="Command">What is run of the image.</param>
internal sealed record PublishedSigner(PublishedText Image, ImagePullPolicy? PullPolicy, IReadOnlyList<string> Command);
