namespace Aspire.Hosting;

/// <summary>Adds Oathkeeper.</summary>
public static class OathkeeperBuilderExtensions
{
    private const string NotTraced = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    private const string SecretFolder = "/etc/ory/secrets";
    private const string KeyFile = "id-token.jwks.json";
    private const string IsReady = "wget -q -T 3 -O /dev/null http://127.0.0.1:4456/health/ready";

    /// <summary>Adds Oathkeeper with the least of a configuration: it answers <c>/health/alive</c>, and nothing else passes.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="port">The port of this machine's loopback address that leads to it; null takes a free one.</param>
    /// <returns>Oathkeeper.</returns>
    public static IResourceBuilder<OathkeeperResource> AddOathkeeper(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddOryService(new OathkeeperResource(name))
            .WithIconName("ShieldKeyhole")
            .WithHttpEndpoint(port: port, targetPort: OathkeeperResource.ProxyPort, name: OathkeeperResource.ProxyEndpointName, isProxied: port is null)
            .WithUrlForEndpoint(OathkeeperResource.ProxyEndpointName, url => url.DisplayText = "Gateway")
            .WithListener(OathkeeperResource.ProxyPort, OryServiceBuilderExtensions.Alive)
            .WithListener(OathkeeperResource.ApiPort, OryServiceBuilderExtensions.Alive, isLoopbackOnly: true)
            .WithListener(OathkeeperResource.MetricsPort, Greeting.Metrics("/metrics"), isLoopbackOnly: true)
            .WithContainerHealthCheck(IsReady);
    }

    /// <summary>Gives Oathkeeper the key with which its mutator <c>id_token</c> signs (<see href="https://www.ory.com/docs/oathkeeper/pipeline/mutator"/>),
    /// as a file that it alone reads, and a command that changes the key while the application runs.</summary>
    /// <param name="builder">Oathkeeper.</param>
    /// <param name="signingKey">The private key set: <see cref="SecretBuilderExtensions.AddSigningKey"/>.</param>
    /// <param name="persistKey">Whether the next start finds a key that was changed, in the user secrets of the AppHost.</param>
    /// <returns>Oathkeeper.</returns>
    public static IResourceBuilder<OathkeeperResource> WithIdTokens(
        this IResourceBuilder<OathkeeperResource> builder, IResourceBuilder<ParameterResource> signingKey, bool persistKey = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(signingKey);
        var resource = builder.Resource;
        resource.SigningKey = signingKey.Resource;
        var isPublished = builder.ApplicationBuilder.ExecutionContext.IsPublishMode;
        return builder
            .WithEnvironment("MUTATORS_ID_TOKEN_CONFIG_JWKS_URL", $"file://{SecretFolder}/{KeyFile}")
            .WithContainerFiles(SecretFolder, async (_, token) =>
            [
                new ContainerFile
                {
                    Name = KeyFile,
                    // In what is published it stands nowhere: the parameter's name does, as in Aspire's manifest.
                    Contents = isPublished ? signingKey.Resource.ValueExpression : resource.RotatedKey ?? await signingKey.Resource.GetValueAsync(token),
                    Owner = resource.UserId,
                    Mode = UnixFileMode.UserRead,
                },
            ])
            // It says that it is ready when it cannot read its key, and then no request would pass. It traces this question, unless that has a
            // parent which is not traced.
            .WithContainerHealthCheck($"{IsReady} && wget -q -T 3 -O /dev/null --header 'traceparent: {NotTraced}' http://127.0.0.1:{OathkeeperResource.ApiPort}/.well-known/jwks.json")
            .WithSigningKeyRotation(persistKey);
    }

    /// <summary>Has Oathkeeper speak TLS on the port that everybody reaches (<see href="https://www.ory.com/docs/oathkeeper/reference/configuration"/>,
    /// <c>serve.proxy.tls</c>), and nothing else there, with a certificate for its name, and trust nobody but the authority. It reads the certificate
    /// when it starts and never again (<see href="https://github.com/ory/oathkeeper/blob/v26.2.0/cmd/server/server.go"/>, <c>cert</c>): for a new one it
    /// is started again.</summary>
    /// <param name="builder">Oathkeeper, which has said how one knows it on that port.</param>
    /// <param name="authority">The authority that signs its certificate.</param>
    /// <param name="names">The names by which it is called, beside its own.</param>
    /// <returns>Oathkeeper.</returns>
    public static IResourceBuilder<OathkeeperResource> WithTls(
        this IResourceBuilder<OathkeeperResource> builder, IResourceBuilder<CertificateAuthorityResource> authority, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(names);
        var resource = builder.Resource;
        var greeting = resource.Annotations.OfType<ListenerAnnotation>().Single(listener => listener.Port == OathkeeperResource.ProxyPort).Greeting;
        return builder
            .WithServerCertificate(authority, resource.UserId, reloadSignal: null, [.. names.Prepend(resource.Name).Distinct()])
            .WithRestartForCertificate()
            .WithCertificateWatch(resource.Program)
            .WithTrust(authority)
            .WithEnvironment("SERVE_PROXY_TLS_CERT_PATH", CertificateFiles.Certificate)
            .WithEnvironment("SERVE_PROXY_TLS_KEY_PATH", CertificateFiles.Key)
            .WithEndpoint(OathkeeperResource.ProxyEndpointName, endpoint => endpoint.UriScheme = Uri.UriSchemeHttps)
            .WithListener(OathkeeperResource.ProxyPort, greeting.OverTls());
    }

    /// <summary>Adds rules of another file of the configuration folder to those of <c>access-rules.yml</c>.</summary>
    /// <param name="builder">Oathkeeper.</param>
    /// <param name="file">The file with the rules.</param>
    /// <param name="onlyIf">Whether they count; null if always.</param>
    /// <returns>Oathkeeper.</returns>
    public static IResourceBuilder<OathkeeperResource> WithFurtherRules(
        this IResourceBuilder<OathkeeperResource> builder, string file, Func<DistributedApplicationModel, bool>? onlyIf = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(file);
        builder.Resource.FurtherRules.Add(model => onlyIf?.Invoke(model) ?? true ? file : null);
        return builder;
    }
}
