using NovaId.AppHost.Edge;

namespace NovaId.AppHost.Pages;

/// <summary>Adds the pages for people.</summary>
public static class PagesBuilderExtensions
{
    private const int AccountsPort = 8081;
    private const int AdminPort = 8082;
    private const string OwnAddress = "Straight to the pages (people reach them through the gateway)";

    /// <summary>Adds the pages with which people log in and look after their account.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <param name="clientSecret">The secret of their service client, which may answer consent, logout and device requests.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddAccounts(this ZoneEdge edge, [ResourceName] string name, IResourceBuilder<ParameterResource> clientSecret)
    {
        ArgumentNullException.ThrowIfNull(edge);
        edge.AddPages<Projects.NovaId_Accounts>(name, AccountsPort, Greeting.Http("/accounts/assets/passkeys.js", "Passkeys need a browser's help"))
            .WithEnvironment("Gateway__ClientSecret", clientSecret)
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

    private static IResourceBuilder<IResourceWithEnvironment> AddPages<TProject>(this ZoneEdge edge, string name, int port, Greeting greeting)
        where TProject : IProjectMetadata, new() =>
        edge.Add<TProject>(new(name, port, greeting) { OwnAddress = OwnAddress }).WithEnvironment("Gateway__PublicAddress", edge.PublicAddress);
}
