namespace Aspire.Hosting.ApplicationModel;

/// <summary>One of Ory's services that keeps what it knows in a database.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public abstract class OryDatabaseServiceResource(string name) : OryServiceResource(name)
{
    /// <summary>What brings the database up to date: a program of the image and its arguments.</summary>
    internal abstract string[] Migrate { get; }

    /// <summary>What a shell in the service's container runs until the database is up to date.</summary>
    internal abstract string MigrationStatus { get; }

    /// <summary>A port that the service opens when it runs.</summary>
    internal abstract int Port { get; }
}
