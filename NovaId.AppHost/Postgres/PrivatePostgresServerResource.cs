using System.Globalization;

namespace NovaId.AppHost.Postgres;

/// <summary>
/// A server that is reached inside its network alone. Aspire's own says the address under which the host reaches it; there is none.
/// </summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
/// <param name="password">The password of its first role, <c>postgres</c>.</param>
internal sealed class PrivatePostgresServerResource(string name, ParameterResource password)
    : PostgresServerResource(name, userName: null, password), IResourceWithConnectionString
{
    /// <summary>The port inside the network.</summary>
    public const int InnerPort = 5432;

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
