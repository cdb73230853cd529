namespace NovaId.AppHost.Ory;

/// <summary>One of Ory's services in a container.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
/// <param name="userId">The numeric id of the user as which the image runs.</param>
public abstract class OryServiceResource(string name, int userId) : ContainerResource(name)
{
    /// <summary>The folder inside the container that holds the configuration, one folder for each service.</summary>
    public const string ConfigurationFolder = "/etc/novaid";

    /// <summary>The numeric id of the user as which the image runs.</summary>
    internal int UserId { get; } = userId;

    /// <summary>The image without its registry.</summary>
    internal abstract string Image { get; }

    /// <summary>The program, which the image runs unless it is told otherwise.</summary>
    internal string Program => Image.Split('/')[^1];
}
