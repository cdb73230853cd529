namespace Aspire.Hosting.Networks;

/// <summary>A container of what is published.</summary>
internal sealed record PublishedService
{
    /// <summary>Its name, by which others on its networks reach it.</summary>
    public required string Name { get; init; }

    /// <summary>The image, with its registry and tag.</summary>
    public required PublishedText Image { get; init; }

    /// <summary>When the image is pulled; null if the engine decides.</summary>
    public required ImagePullPolicy? PullPolicy { get; init; }

    /// <summary>What is run in place of the image's own entry point; null if nothing is.</summary>
    public required string? Entrypoint { get; init; }

    /// <summary>The arguments.</summary>
    public required IReadOnlyList<PublishedText> Arguments { get; init; }

    /// <summary>The variables of its environment.</summary>
    public required IReadOnlyDictionary<string, PublishedText> Environment { get; init; }

    /// <summary>The networks it stands on; on no other.</summary>
    public required IReadOnlyList<ContainerNetworkResource> Networks { get; init; }

    /// <summary>The ports that others on its networks reach.</summary>
    public required IReadOnlyList<int> Ports { get; init; }

    /// <summary>Those of them where it speaks HTTP over TLS.</summary>
    public required IReadOnlyList<int> HttpsPorts { get; init; }

    /// <summary>The ports by which the machine's loopback address leads to it.</summary>
    public required IReadOnlyList<PublishedEntry> Entries { get; init; }

    /// <summary>The files put into it.</summary>
    public required IReadOnlyList<PublishedFile> Files { get; init; }

    /// <summary>What it keeps.</summary>
    public required IReadOnlyList<PublishedVolume> Volumes { get; init; }

    /// <summary>What its shell runs to find out how it is, where exit code 0 is healthy; null if it is not asked.</summary>
    public required string? HealthCommand { get; init; }

    /// <summary>What comes before it.</summary>
    public required IReadOnlyList<PublishedDependency> Dependencies { get; init; }

    /// <summary>Whether it does something once and ends.</summary>
    public required bool IsOneShot { get; init; }

    /// <summary>What the shell of those who wait for it runs, with their own image, environment and files, to find out whether it is done;
    /// null if they cannot.</summary>
    public required string? DoneCommand { get; init; }

    /// <summary>The numeric id of the user as which it runs; null if only the image says.</summary>
    public required int? UserId { get; init; }

    /// <summary>The folders into which it writes what nobody keeps.</summary>
    public required IReadOnlyList<string> WritableFolders { get; init; }

    /// <summary>Where it says over HTTP that it runs, whatever becomes of others; null if it says so nowhere.</summary>
    public required PublishedQuestion? Alive { get; init; }

    /// <summary>Where it says over HTTP that it is ready; null if <see cref="HealthCommand"/> is all there is.</summary>
    public required PublishedQuestion? Ready { get; init; }

    /// <summary>What one instance takes of a machine.</summary>
    public required PublishedNeeds Needs { get; init; }

    /// <summary>Whether whoever deploys may bring another in its place.</summary>
    public required bool IsReplaceable { get; init; }

    /// <summary>What it finds in <see cref="CertificateFiles.Folder"/>; null where it finds nothing.</summary>
    public required PublishedCertificate? Certificate { get; init; }

    /// <summary>How many of it there are.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>The arguments of one more container of it, which does what is done once however many there are; empty if nothing is.</summary>
    public IReadOnlyList<PublishedText> OnceArguments { get; init; } = [];

    /// <summary>What it reaches outside.</summary>
    public IReadOnlyList<PublishedOutside> Outside { get; init; } = [];

    /// <summary>The same on a cluster of machines; null if nothing is different there.</summary>
    public PublishedService? InCluster { get; init; }

    /// <summary>Every setting that it takes.</summary>
    public IEnumerable<PublishedSetting> Settings =>
        Arguments.Concat(Environment.Values).Concat(Files.Select(file => file.Content)).Concat(Certificate?.Names ?? []).Prepend(Image).SelectMany(text => text.Settings);
}

/// <summary>A question over HTTP, which status 200 answers.</summary>
/// <param name="Port">The port.</param>
/// <param name="Path">The path.</param>
/// <param name="IsOverTls">Whether it is asked over TLS.</param>
internal sealed record PublishedQuestion(int Port, string Path, bool IsOverTls);

/// <summary>What one instance takes of a machine.</summary>
/// <param name="Processor">What it is given for certain, in thousandths of a processor.</param>
/// <param name="Memory">What it is given for certain, in MiB.</param>
/// <param name="MemoryLimit">With how much it is ended, in MiB.</param>
internal sealed record PublishedNeeds(int Processor, int Memory, int MemoryLimit);

/// <summary>Something outside the application's networks that a service reaches.</summary>
/// <param name="Name">What it is called here.</param>
/// <param name="Port">Its TCP port.</param>
internal sealed record PublishedOutside(string Name, int Port);

/// <summary>A port of the machine's loopback address that leads into a container.</summary>
/// <param name="Port">The machine's port.</param>
/// <param name="TargetPort">The container's port.</param>
internal sealed record PublishedEntry(int Port, int TargetPort);

/// <summary>A file that is put into a container.</summary>
/// <param name="Path">Where, with its folder.</param>
/// <param name="Content">What stands in it.</param>
/// <param name="Owner">The numeric id of the user whose it is; null is root.</param>
/// <param name="Group">The numeric id of the group; null is root's.</param>
/// <param name="Mode">Who may do what with it; null is: everybody reads.</param>
internal sealed record PublishedFile(string Path, PublishedText Content, int? Owner, int? Group, UnixFileMode? Mode);

/// <summary>A folder that outlives its container.</summary>
/// <param name="Name">The volume's name.</param>
/// <param name="Path">The folder.</param>
/// <param name="IsReadOnly">Whether the container may not write there.</param>
internal sealed record PublishedVolume(string Name, string Path, bool IsReadOnly);

/// <summary>What comes before a service.</summary>
/// <param name="Service">The other's name.</param>
/// <param name="Until">What is waited for.</param>
internal sealed record PublishedDependency(string Service, PublishedCondition Until);

/// <summary>What a service waits for in another.</summary>
internal enum PublishedCondition
{
    /// <summary>That it runs.</summary>
    Started,

    /// <summary>That its health command succeeds.</summary>
    Healthy,

    /// <summary>That it has ended with exit code 0.</summary>
    Completed,
}
