namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ory Hydra: OAuth2 and OpenID Connect, <see href="https://www.ory.com/docs/hydra"/>.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public sealed class HydraResource(string name) : OryDatabaseServiceResource(name)
{
    /// <summary>The port for everyone: tokens, authorization, discovery.</summary>
    public const int PublicPort = 4444;

    /// <summary>The port that authenticates nobody: clients, introspection, login and consent.</summary>
    public const int AdminPort = 4445;

    internal override int UserId => 65532;

    internal override string Image => "oryd/hydra";

    internal override string[] Serve => ["serve", "all"];

    internal override string MigrationStatus => "hydra migrate sql status -e --block";

    internal override string[] Migrate => ["hydra", "migrate", "sql", "up", "-e", "--yes"];

    internal override int Port => AdminPort;

    internal override IEnumerable<ContainerFile> DefaultFiles =>
    [
        NewFile(File, $$"""
            version: {{OryImageTags.Tag}}
            serve:
              public: { host: 0.0.0.0, port: {{PublicPort}} }
              admin: { host: 0.0.0.0, port: {{AdminPort}} }
            urls: { self: { issuer: "http://{{Name}}:{{PublicPort}}" } }
            """),
    ];
}
