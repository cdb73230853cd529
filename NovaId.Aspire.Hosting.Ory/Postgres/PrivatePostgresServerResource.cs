using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A server that is reached inside its network alone. Aspire's own says the address under which the host reaches it; there is none.
/// </summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
/// <param name="password">The password of its first role, <c>postgres</c>.</param>
public sealed class PrivatePostgresServerResource(string name, ParameterResource password)
    : PostgresServerResource(name, userName: null, password), IResourceWithConnectionString
{
    /// <summary>The port inside the network.</summary>
    public const int InnerPort = 5432;

    /// <summary>The user as which the image's server runs, and who alone may read its key.</summary>
    internal const int UserId = 999;

    /// <summary>The authority that signs its certificate; null where it speaks no TLS.</summary>
    internal IResourceBuilder<CertificateAuthorityResource>? Authority { get; set; }

    /// <summary>The folder of the scripts that make databases and roles in a new server; null where one is made for <see cref="ServiceDatabases"/>.</summary>
    internal string? Scripts { get; set; }

    /// <summary>Whether the next start finds the same passwords.</summary>
    internal bool PersistSecrets { get; init; }

    /// <summary>The names of the databases, which are those of their roles too.</summary>
    internal List<string> ServiceDatabases { get; } = [];

    /// <summary>The same as text, for addresses.</summary>
    internal static readonly string Digits = InnerPort.ToString(CultureInfo.InvariantCulture);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Name}")),
        new("Port", ReferenceExpression.Create($"{Digits}")),
        new("Username", UserNameReference),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", ReferenceExpression.Create($"postgresql://{UserNameReference}:{PasswordParameter}@{Name}:{Digits}")),
        new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Name}:{Digits}")),
    ];
}
