using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using NovaId.ServiceDefaults;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NovaId.Tests.Api;

public sealed class ServiceDefaultsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:4317", true)]
    [InlineData("", false)]
    public async Task Telemetry_leaves_the_program_only_where_a_collector_is_named(string endpoint, bool isSent)
    {
        await using var app = Create(builder => builder.Configuration.AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]));

        Assert.Equal(isSent, app.Services.GetService<TracerProvider>() is not null);
        Assert.Equal(isSent, app.Services.GetService<MeterProvider>() is not null);
        Assert.Equal(isSent, app.Services.GetServices<ILoggerProvider>().Any(provider => provider.GetType().Namespace == "OpenTelemetry.Logs"));
    }

    [Fact]
    public async Task A_program_can_run_without_being_ready()
    {
        await using var app = Create(builder => builder.Services.AddHealthChecks().AddCheck("storage", () => HealthCheckResult.Unhealthy("secret")));
        app.MapDefaultEndpoints();
        await app.StartAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var alive = await http.GetAsync(new Uri(HealthExtensions.AlivePath, UriKind.Relative), Cancelled);
        using var ready = await http.GetAsync(new Uri(HealthExtensions.HealthPath, UriKind.Relative), Cancelled);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (alive.StatusCode, ready.StatusCode));
        Assert.Equal("Unhealthy", await ready.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_client_bears_with_a_short_failure()
    {
        await using var app = Create();
        var calls = 0;
        app.MapGet("/", () => Interlocked.Increment(ref calls) == 1 ? Results.StatusCode(503) : Results.Ok());
        await app.StartAsync(Cancelled);
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using var response = await http.GetAsync(new Uri(app.Urls.First()), Cancelled);

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, calls));
    }

    [Fact]
    public async Task A_client_finds_a_service_by_its_name()
    {
        await using var service = Create();
        service.MapGet("/", () => "found");
        await service.StartAsync(Cancelled);
        await using var app = Create(builder => builder.Configuration.AddInMemoryCollection([new("Services:somewhere:http:0", service.Urls.First())]));
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        Assert.Equal("found", await http.GetStringAsync(new Uri("http://somewhere/"), Cancelled));
    }

    private static WebApplication Create(Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure?.Invoke(builder);
        builder.AddServiceDefaults();
        return builder.Build();
    }
}
