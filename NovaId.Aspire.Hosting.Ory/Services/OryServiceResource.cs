namespace Aspire.Hosting.ApplicationModel;

/// <summary>One of Ory's services in a container.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public abstract class OryServiceResource(string name) : ContainerResource(name)
{
    /// <summary>The numeric id of the user as which the image runs.</summary>
    internal abstract int UserId { get; }

    /// <summary>The image without its registry.</summary>
    internal abstract string Image { get; }

    /// <summary>The program, which the image runs unless it is told otherwise.</summary>
    internal string Program => Image.Split('/')[^1];

    /// <summary>What the program is told before it is told where its configuration is.</summary>
    internal virtual string[] Serve => ["serve"];

    /// <summary>The folder inside the container that holds the configuration.</summary>
    internal string Folder => $"/etc/ory/{Program}";

    /// <summary>The configuration; the file of the program's own name is the one that it reads first.</summary>
    internal string File => $"{Program}.yml";

    /// <summary>The folder of the configuration on this machine; null where <see cref="DefaultFiles"/> count.</summary>
    internal string? Source { get; set; }

    /// <summary>The least with which the service runs.</summary>
    internal abstract IEnumerable<ContainerFile> DefaultFiles { get; }

    /// <summary>The files of the configuration folder.</summary>
    internal virtual IEnumerable<ContainerFile> FilesOf(string source, DistributedApplicationModel model) =>
        Directory.EnumerateFiles(source).Order(StringComparer.Ordinal).Select(path => NewFile(Path.GetFileName(path), System.IO.File.ReadAllText(path)));

    /// <summary>A file of the configuration, readable by everybody inside and writable by root alone.</summary>
    internal static ContainerFile NewFile(string name, string contents) => new() { Name = name, Contents = contents };
}
