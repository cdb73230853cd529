namespace Aspire.Hosting.Networks;

/// <summary>
/// Whom a container's resolver asks for a name that is on none of the container's networks: nobody. The engine asks the name servers of
/// this machine otherwise, also for the name of a service that is down; whoever answers there would be taken for the service, and be sent
/// the sessions and secrets meant for it.
/// </summary>
public static class NameServer
{
    /// <summary>The container itself, where nobody listens.</summary>
    public const string None = "127.0.0.1";

    /// <summary>No domain to look in for a name that is not found as it is.</summary>
    public const string NoSearch = ".";

    /// <summary>The same as options of <c>docker run</c>.</summary>
    public static IReadOnlyList<string> Options { get; } = ["--dns", None, "--dns-search", NoSearch];
}
