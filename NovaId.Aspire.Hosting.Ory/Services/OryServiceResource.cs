using System.Globalization;
using System.Text.RegularExpressions;

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

    /// <summary>The options with which the program also does what is to be done once however many of it there are.</summary>
    internal virtual string[] OnceOptions => [];

    /// <summary>What the program is told to do only that; empty if there is nothing of the kind.</summary>
    internal virtual string[] Once => [];

    /// <summary>The folder inside the container that holds the configuration.</summary>
    internal string Folder => $"/etc/ory/{Program}";

    /// <summary>The configuration; the file of the program's own name is the one that it reads first.</summary>
    internal string File => $"{Program}.yml";

    /// <summary>Whose certificates count for it and for its jobs; null where none do.</summary>
    internal IResourceBuilder<CertificateAuthorityResource>? Authority { get; set; }

    /// <summary>Who speaks TLS, as the configuration calls them, and is no resource of the application.</summary>
    internal List<string> FurtherOverTls { get; } = [];

    /// <summary>The folder of the configuration on this machine; null where <see cref="DefaultFiles"/> count.</summary>
    internal string? Source { get; set; }

    /// <summary>The least with which the service runs.</summary>
    internal abstract IEnumerable<ContainerFile> DefaultFiles { get; }

    /// <summary>The files of the configuration folder.</summary>
    internal virtual IEnumerable<ContainerFile> FilesOf(string source, DistributedApplicationModel model) =>
        Directory.EnumerateFiles(source).Order(StringComparer.Ordinal).Select(path => NewFile(Path.GetFileName(path), System.IO.File.ReadAllText(path)));

    /// <summary>The files, in which everyone who speaks TLS is called by <c>https</c>. It is the model that says who does, and nobody else has to:
    /// the same configuration serves where nobody does.</summary>
    internal IEnumerable<ContainerFile> AddressedFilesOf(string source, DistributedApplicationModel model)
    {
        string[] addresses =
        [
            .. from resource in model.Resources
               from listener in resource.Annotations.OfType<ListenerAnnotation>()
               where listener.Greeting.IsOverTls
               select Regex.Escape($"{resource.Name}:{listener.Port.ToString(CultureInfo.InvariantCulture)}"),
            .. FurtherOverTls.Select(Regex.Escape),
        ];
        var files = FilesOf(source, model);
        if (addresses.Length == 0)
        {
            return files;
        }

        var called = new Regex($@"\bhttp://(?=({string.Join('|', addresses)})(?!\d))", RegexOptions.None, TimeSpan.FromSeconds(1));
        return files.Select(file => NewFile(file.Name, called.Replace(file.Contents!, "https://")));
    }

    /// <summary>A file of the configuration, readable by everybody inside and writable by root alone.</summary>
    internal static ContainerFile NewFile(string name, string contents) => new() { Name = name, Contents = contents };
}
