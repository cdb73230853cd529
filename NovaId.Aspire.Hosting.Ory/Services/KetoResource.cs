namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ory Keto: relation tuples and permissions, <see href="https://www.ory.com/docs/keto"/>.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public sealed class KetoResource(string name) : OryDatabaseServiceResource(name)
{
    /// <summary>The port for checks and lists.</summary>
    public const int ReadPort = 4466;

    /// <summary>The port for changes.</summary>
    public const int WritePort = 4467;

    /// <summary>The port for metrics, for the container alone.</summary>
    public const int MetricsPort = 4468;

    /// <summary>The port that checks the syntax of permissions, for the container alone.</summary>
    public const int SyntaxPort = 4469;

    internal override int UserId => 100;

    internal override string Image => "oryd/keto";

    /// <summary>Keto migrates nothing without a file of configuration, though what it needs is in its environment.</summary>
    internal override string[] Migrate => ["sh", "-c", """echo '{"namespaces": []}' > /tmp/keto.json && exec keto migrate up --yes --config /tmp/keto.json"""];

    internal override string MigrationStatus => $"keto migrate status --block --config {Folder}/{File}";

    internal override int Port => WritePort;

    internal override IEnumerable<ContainerFile> DefaultFiles =>
    [
        NewFile(File, $$"""
            version: {{OryImageTags.Tag}}
            namespaces: []
            serve:
              read: { host: 0.0.0.0, port: {{ReadPort}} }
              write: { host: 0.0.0.0, port: {{WritePort}} }
              metrics: { host: 127.0.0.1, port: {{MetricsPort}} }
              opl: { host: 127.0.0.1, port: {{SyntaxPort}} }
            """),
    ];
}
