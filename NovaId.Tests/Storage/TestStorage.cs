using Microsoft.AspNetCore.Builder;
using NovaId.Tests.Api;

namespace NovaId.Tests.Storage;

/// <summary>The storage that the API's tests run on: SQLite always, PostgreSQL where it is installed.</summary>
public abstract class TestStorage
{
    public static TestStorage Sqlite { get; } = new InMemory();

    public static TestStorage Postgres(PostgresServer server) => new OnServer(server);

    /// <summary>Starts an API on a new storage.</summary>
    internal abstract Task<ApiZone> StartAsync(Action<WebApplicationBuilder>? configure = null);

    private sealed class InMemory : TestStorage
    {
        internal override Task<ApiZone> StartAsync(Action<WebApplicationBuilder>? configure = null) => ApiZone.StartAsync(configure);
    }

    private sealed class OnServer(PostgresServer server) : TestStorage
    {
        internal override async Task<ApiZone> StartAsync(Action<WebApplicationBuilder>? configure = null) =>
            await (await server.CreateDatabaseAsync()).StartAsync(configure: configure);
    }
}
