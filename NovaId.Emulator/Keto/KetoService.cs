using NovaId.Emulator.Configuration;
using NovaId.Emulator.Go;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Keto.Check;
using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Emulator.Keto;

/// <summary>
/// Ory Keto v26.2.0 in memory: the permission language, the check engine and the REST API, as far as NovaId uses them. The namespaces are
/// read once, at the start; the tuples are gone at the end.
/// </summary>
internal sealed class KetoService : IEmbeddedService
{
    private readonly WebApplication _app;

    private KetoService(WebApplication app) => _app = app;

    /// <summary>Reads keto.yml and the namespaces.</summary>
    /// <exception cref="ConfigurationException">Keto could not start on them, or would not do what they say.</exception>
    public static KetoService Create(ServiceContext context)
    {
        var settings = KetoSettings.Read(context);
        var loggers = context.Loggers;
        var endpoints = new KetoEndpoints(
            settings,
            new CheckEngine(settings.Namespaces, settings.MaxDepth, settings.MaxWidth, loggers.CreateLogger<CheckEngine>()),
            new TupleStore(),
            new PageTokens(settings.PaginationSecrets, context.Time),
            loggers.CreateLogger<KetoEndpoints>());

        int[] ports = [settings.ReadPort, settings.WritePort, .. settings.SyntaxPort is { } port ? [port] : Array.Empty<int>()];
        var app = ServiceHost.CreateBuilder(context, "keto", ports).Build();
        app.UseGoRequests();
        app.Use(next => http => endpoints.HandleErrorsAsync(http, next));
        UsePort(app, settings.ReadPort, endpoints.Read());
        UsePort(app, settings.WritePort, endpoints.Write());
        if (settings.SyntaxPort is { } syntaxPort)
        {
            UsePort(app, syntaxPort, KetoEndpoints.Syntax());
        }

        return new KetoService(app);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void UsePort(WebApplication app, int port, KetoRouter router) =>
        app.MapWhen(http => http.Connection.LocalPort == port, branch => branch.Run(router.RouteAsync));
}
