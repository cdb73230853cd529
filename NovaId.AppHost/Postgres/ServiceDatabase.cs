namespace NovaId.AppHost.Postgres;

/// <summary>A database that one service alone reads, as a role of its own.</summary>
/// <param name="name">The name of the database and of the role.</param>
/// <param name="server">The server.</param>
/// <param name="password">The role's password.</param>
public sealed class ServiceDatabase(string name, PostgresServerResource server, ParameterResource password)
{
    /// <summary>The name of the database and of the role.</summary>
    public string Name { get; } = name;

    /// <summary>The server.</summary>
    public PostgresServerResource Server { get; } = server;

    /// <summary>The role's password.</summary>
    public ParameterResource Password { get; } = password;

    /// <summary>The address as Ory's services read it (DSN): <see href="https://www.ory.com/docs/self-hosted/deployment"/>. The private
    /// network is not encrypted: nothing but the services is on it.</summary>
    public ReferenceExpression Dsn =>
        ReferenceExpression.Create($"postgres://{Name}:{Password}@{Server.Name}:{PrivatePostgresServerResource.Digits}/{Name}?sslmode=disable&max_conns=20&max_idle_conns=10");
}
