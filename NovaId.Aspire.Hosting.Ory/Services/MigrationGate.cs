using System.Globalization;

namespace Aspire.Hosting.Ory;

/// <summary>
/// What a service and its migration say to one another, so that both containers are made while PostgreSQL starts and neither when
/// everything else already waits for it: the migration waits for PostgreSQL, and the service, which listens for it, for the migration.
/// </summary>
internal static class MigrationGate
{
    /// <summary>The variable that says to a service's container that there is nothing to wait for: it is made anew, long after.</summary>
    public const string Migrated = "MIGRATED";

    /// <summary>The port on which a service that waits takes the word. A connection is all there is to say.</summary>
    private const int Port = 4400;

    /// <summary>A container that is started again has the word already.</summary>
    private static readonly string Service = string.Create(CultureInfo.InvariantCulture, $$"""
        set -e
        [ -e /tmp/migrated ] || [ -n "${{{Migrated}}:-}" ] || nc -l -p {{Port}} > /dev/null
        : > /tmp/migrated
        exec "$@"
        """);

    /// <summary>The command of a service's container: what of the image is run, and with which arguments in front of its own.</summary>
    /// <param name="program">The service's program.</param>
    public static (string Entrypoint, string[] Arguments) ForService(string program) => ("sh", ["-c", Service, "gate", program]);

    /// <summary>The command of a migration's container.</summary>
    /// <param name="migrate">The migration's own.</param>
    /// <param name="server">The host name of PostgreSQL.</param>
    /// <param name="serverPort">Its port.</param>
    /// <param name="service">The host name of the service.</param>
    /// <param name="servicePort">A port that the service opens when it runs: it has no need of the word then.</param>
    public static string[] ForMigration(string[] migrate, string server, int serverPort, string service, int servicePort) =>
    [
        "sh", "-c", string.Create(CultureInfo.InvariantCulture, $"""
            set -e
            echo "Waiting for PostgreSQL."
            until nc -z -w 1 {server} {serverPort} 2> /dev/null; do sleep 0.2; done
            "$@"
            until nc -z -w 1 {service} {Port} 2> /dev/null || nc -z -w 1 {service} {servicePort} 2> /dev/null; do sleep 0.1; done
            """),
        "gate", .. migrate,
    ];
}
