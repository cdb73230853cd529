using System.Globalization;
using NovaId.AppHost.Startup;
using NovaId.Emulator.Configuration;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Configuration;

/// <summary>Makes the services follow the zone's address.</summary>
internal static class ZoneAddressExtensions
{
    /// <summary>
    /// Gives a service every value of its configuration that hangs on the zone's address, by its environment: there a key has its path in
    /// capitals, and the items of a list are divided by commas. So whoever deploys what is published chooses one address, in no file.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="options">The zone's address.</param>
    /// <param name="service">The service's folder in <c>ory-config</c>, and its file in that.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> WithZoneAddress<T>(this IResourceBuilder<T> builder, ZoneOptions options, string service)
        where T : IResourceWithEnvironment
    {
        var application = builder.ApplicationBuilder;
        if (application.ExecutionContext.IsRunMode && options.Address == ZoneAddress.Declared)
        {
            return builder;
        }

        var address = application.PublishedAddress(options);
        var file = Path.Combine(Path.GetFullPath(options.Configuration, application.AppHostDirectory), service, $"{service}.yml");
        foreach (var (path, values) in ValuesOf(file))
        {
            builder.WithEnvironment(string.Join('_', path).ToUpperInvariant(), At(address, values));
        }

        return builder;
    }

    /// <summary>The gateway's address as containers on its networks call it.</summary>
    public static string AddressInside(this IResourceBuilder<OathkeeperResource> gateway) => string.Create(
        CultureInfo.InvariantCulture, $"{(gateway.Resource.SpeaksTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{gateway.Resource.Name}:{OathkeeperResource.ProxyPort}");

    /// <summary>What browsers bind to the zone's address: passkeys to its host name, cookies to TLS where there is TLS.</summary>
    public static IResourceBuilder<KratosResource> WithRelyingParty(this IResourceBuilder<KratosResource> builder, ZoneOptions options)
    {
        var application = builder.ApplicationBuilder;
        var isSecure = application.PublishedSetting("cookies-secure", options.IsSecure ? "true" : "false", "true where the gateway's address is https");
        return builder
            .WithEnvironment("SELFSERVICE_METHODS_PASSKEY_CONFIG_RP_ID", application.PublishedHost(options))
            .WithEnvironment("COOKIES_SECURE", isSecure)
            .WithEnvironment("SESSION_COOKIE_SECURE", isSecure);
    }

    /// <summary>Whether Hydra issues tokens without TLS: it starts no other way where there is none.</summary>
    public static IResourceBuilder<HydraResource> WithTransport(this IResourceBuilder<HydraResource> builder, ZoneOptions options) =>
        builder.WithEnvironment(
            "DEV", builder.ApplicationBuilder.PublishedSetting("hydra-dev", options.IsSecure ? "false" : "true", "false where the gateway's address is https"));

    /// <summary>The name of this machine leads to ::1 as well, where there is one; Aspire publishes at 127.0.0.1 alone.</summary>
    public static IResourceBuilder<OathkeeperResource> OnBothLoopbacks(this IResourceBuilder<OathkeeperResource> builder, ZoneOptions options)
    {
        builder.WithUrlForEndpoint(OathkeeperResource.ProxyEndpointName, url => url.Url = options.Address);
        return builder.ApplicationBuilder.ExecutionContext.IsRunMode && PortCheck.HasIPv6Loopback()
            ? builder.WithContainerRuntimeArgs("--publish", string.Create(CultureInfo.InvariantCulture, $"[::1]:{options.GatewayPort}:{OathkeeperResource.ProxyPort}"))
            : builder;
    }

    private static ReferenceExpression At(ReferenceExpression address, IEnumerable<string> values)
    {
        var text = new ReferenceExpressionBuilder();
        foreach (var (i, value) in values.Index())
        {
            text.AppendLiteral(i == 0 ? "" : ",");
            if (ZoneAddress.Follows(value))
            {
                text.AppendFormatted(address);
                text.AppendLiteral(value[ZoneAddress.Declared.Length..]);
            }
            else
            {
                text.AppendLiteral(value);
            }
        }

        return text.Build();
    }

    /// <summary>The values that hang on the address, and the lists with one that does.</summary>
    private static IEnumerable<(string[] Path, string[] Values)> ValuesOf(string file)
    {
        if (!File.Exists(file))
        {
            throw new ZoneConfigurationException($"There is no {file}. Restore it, or name the right folder with --Zone:Configuration.");
        }

        using var reader = new StreamReader(file);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. Walk(stream.Documents[0].RootNode, []).Where(found => found.Values.Any(ZoneAddress.Follows))];
    }

    private static IEnumerable<(string[] Path, string[] Values)> Walk(YamlNode node, string[] path) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(child => Walk(child.Value, [.. path, ((YamlScalarNode)child.Key).Value!])),
        YamlSequenceNode sequence when sequence.Children.All(item => item is YamlScalarNode) =>
            [(path, [.. sequence.Children.Select(item => ((YamlScalarNode)item).Value ?? "")])],
        YamlScalarNode scalar => [(path, [scalar.Value ?? ""])],
        _ => [],
    };
}
