namespace NovaId.Contract.Drivers;

/// <summary>The addresses of the pages to which Kratos and Hydra send a browser. They stand behind the gateway, on its own origin.</summary>
public sealed class ZonePages
{
    private const string Root = "/accounts/";

    private readonly Uri _gateway;

    internal ZonePages(Uri gateway) => _gateway = gateway;

    /// <summary>Where a browser goes that asked for nothing else.</summary>
    public string Home => Of("");

    /// <summary>The page for login.</summary>
    public string Login => Of("login");

    /// <summary>The page for what cannot go on.</summary>
    public string Error => Of("error");

    /// <summary>A page by its name, for example <c>settings</c>.</summary>
    public string Of(string name) => new Uri(_gateway, Root + name).AbsoluteUri;

    /// <summary>Whether an address of the zone is one of a page.</summary>
    internal static bool Holds(Uri address) => address.AbsolutePath.StartsWith(Root, StringComparison.Ordinal);
}
