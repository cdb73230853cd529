namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ory Oathkeeper: a gateway that knows who asks, <see href="https://www.ory.com/docs/oathkeeper"/>.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public sealed class OathkeeperResource(string name) : OryServiceResource(name), IResourceWithServiceDiscovery
{
    /// <summary>The port on which it serves everyone.</summary>
    public const int ProxyPort = 4455;

    /// <summary>The port that shows every rule and answers decisions, for the container alone.</summary>
    public const int ApiPort = 4456;

    /// <summary>The port for metrics, for the container alone.</summary>
    public const int MetricsPort = 9000;

    /// <summary>The name of the endpoint by which this machine reaches it.</summary>
    public const string ProxyEndpointName = "http";

    /// <summary>The file of the configuration folder with the rules.</summary>
    public const string RuleFile = "access-rules.yml";

    /// <summary>The private key set with which it signs id_tokens; null if it signs none.</summary>
    public ParameterResource? SigningKey { get; internal set; }

    /// <summary>The way in from this machine.</summary>
    public EndpointReference Entry => field ??= new(this, ProxyEndpointName);

    /// <summary>Whether it speaks TLS on <see cref="ProxyPort"/>.</summary>
    public bool SpeaksTls => Annotations.OfType<ListenerAnnotation>().Any(listener => listener.Port == ProxyPort && listener.Greeting.IsOverTls);

    /// <summary>The key that took the place of <see cref="SigningKey"/> while the application ran.</summary>
    internal string? RotatedKey { get; set; }

    /// <summary>Files with rules that count only here, put behind the common ones.</summary>
    internal List<Func<DistributedApplicationModel, string?>> FurtherRules { get; } = [];

    internal override int UserId => 100;

    internal override string Image => "oryd/oathkeeper";

    internal override IEnumerable<ContainerFile> DefaultFiles =>
    [
        NewFile(File, $$"""
            version: {{OryImageTags.Tag}}
            serve:
              proxy: { host: 0.0.0.0, port: {{ProxyPort}} }
              api: { host: 127.0.0.1, port: {{ApiPort}} }
              prometheus: { host: 127.0.0.1, port: {{MetricsPort}} }
            access_rules: { matching_strategy: regexp, repositories: ["file://{{Folder}}/{{RuleFile}}"] }
            authenticators: { noop: { enabled: true } }
            authorizers: { allow: { enabled: true } }
            mutators: { noop: { enabled: true } }
            """),
        NewFile(RuleFile, $$"""
            - id: health
              match: { url: "<https?>://<[^/]+>/health/alive", methods: [GET] }
              authenticators: [{ handler: noop }]
              authorizer: { handler: allow }
              mutators: [{ handler: noop }]
              upstream: { url: "http://127.0.0.1:{{ApiPort}}" }
            """),
    ];

    /// <summary>The rules stand in one file inside: Oathkeeper can come to a standstill over several.</summary>
    internal override IEnumerable<ContainerFile> FilesOf(string source, DistributedApplicationModel model)
    {
        var further = FurtherRules.Select(rules => rules(model)).OfType<string>();
        return [NewFile(File, Read(File)), NewFile(RuleFile, string.Join(Environment.NewLine, further.Prepend(RuleFile).Select(Read)))];

        string Read(string file) => System.IO.File.ReadAllText(Path.Combine(source, file));
    }
}
