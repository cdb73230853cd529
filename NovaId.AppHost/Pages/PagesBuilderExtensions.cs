using NovaId.AppHost.Configuration;
using NovaId.AppHost.Edge;
using NovaId.AppHost.Telemetry;

namespace NovaId.AppHost.Pages;

/// <summary>Adds the pages for people.</summary>
public static class PagesBuilderExtensions
{
    private const int AccountsPort = 8081;
    private const int AdminPort = 8082;
    private const string Clients = "CLIENTS";
    private const string OwnAddress = "Straight to the pages (people reach them through the gateway)";

    /// <summary>Adds the pages with which people log in and look after their account.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <param name="clientKey">The private key of their service client, which may answer consent, logout and device requests.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddAccounts(this ZoneEdge edge, [ResourceName] string name, IResourceBuilder<ParameterResource> clientKey)
    {
        ArgumentNullException.ThrowIfNull(edge);
        edge.AddPages<Projects.NovaId_Accounts>(name, AccountsPort, Greeting.Http("/accounts/assets/passkeys.js", "Passkeys need a browser's help"))
            .WithEnvironment("Gateway__ClientKey", clientKey)
            .WithUrl(edge.AddressOf("/accounts/"), "Your account");
        return edge;
    }

    /// <summary>Adds the officers' pages, which have no right and no secret of their own.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddAdmin(this ZoneEdge edge, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(edge);
        edge.AddPages<Projects.NovaId_Admin>(name, AdminPort, Greeting.Http("/admin/assets/office.css", "What the office has beside the shared design"))
            .WithUrl(edge.AddressOf("/admin/"), "People, ranks and the access log");
        return edge;
    }

    /// <summary>Adds the demo: an app of somebody else, at an origin of its own, that people let in with OpenID Connect.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">Its port.</param>
    /// <param name="clientSecret">The secret of its client.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddDemo(this ZoneEdge edge, [ResourceName] string name, ZoneOptions options, IResourceBuilder<ParameterResource> clientSecret)
    {
        ArgumentNullException.ThrowIfNull(edge);
        ArgumentNullException.ThrowIfNull(options);
        edge.Add<Projects.NovaId_Demo>(new(name, ZoneOptions.DefaultDemoPort, Greeting.Http("/assets/demo.css", "What the demo has beside the shared design"))
        {
            OwnAddress = "The demo",
            OpenPort = options.DemoPort,
            PortKey = "Zone:DemoPort",
        })
            .WithEnvironment("Gateway__PublicAddress", edge.PublicAddress)
            .WithEnvironment("Demo__Address", options.DemoAddress)
            .WithEnvironment("Demo__ClientSecret", clientSecret)
            .WithTraceAddress("Demo__TraceAddress")
            .WithUrl(options.DemoAddress, "An app of somebody else");
        return edge;
    }

    /// <summary>Has the demo's client lead to where the demo is.</summary>
    /// <param name="clients">What makes the clients.</param>
    /// <param name="options">The demo's port.</param>
    /// <returns>The same.</returns>
    public static IResourceBuilder<IOryJobResource> WithDemoAddress(this IResourceBuilder<IOryJobResource> clients, ZoneOptions options)
    {
        ArgumentNullException.ThrowIfNull(clients);
        ArgumentNullException.ThrowIfNull(options);
        return clients.WithEnvironment(context =>
        {
            if (context.EnvironmentVariables.TryGetValue(Clients, out var value) && value is string text)
            {
                context.EnvironmentVariables[Clients] = text.Replace(ZoneOptions.DefaultDemoAddress, options.DemoAddress, StringComparison.Ordinal);
            }
        });
    }

    private static IResourceBuilder<IResourceWithEnvironment> AddPages<TProject>(this ZoneEdge edge, string name, int port, Greeting greeting)
        where TProject : IProjectMetadata, new() =>
        edge.Add<TProject>(new(name, port, greeting) { OwnAddress = OwnAddress }).WithEnvironment("Gateway__PublicAddress", edge.PublicAddress);
}
