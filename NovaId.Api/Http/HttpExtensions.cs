using System.Text.Json;
using System.Text.Json.Serialization;
using NovaId.Api.Storage;

namespace NovaId.Api.Http;

/// <summary>How requests are read and errors are answered.</summary>
internal static class HttpExtensions
{
    /// <summary>Bodies are far flatter; the OpenAPI document, which is written by the same rules, is not.</summary>
    private const int MaximumJsonDepth = 32;

    public static WebApplicationBuilder AddStrictHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(RequestLimits.Apply);
        // A body that does not fit is an exception in every environment, so that one place answers it.
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => Restrict(json.SerializerOptions));
        builder.Services.AddSingleton(provider => new KeyedLock(
            provider.GetRequiredService<Database>() is PostgresDatabase database ? new PostgresLocks(database) : null));

        // These write the address of each request down, the first also as a scope of every line, and somebody may have pasted a token there.
        // The decision record tells of each request without it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.None);
        return builder;
    }

    /// <summary>Stands before everything that speaks of a trace.</summary>
    public static IApplicationBuilder UseTraces(this IApplicationBuilder app) => app.UseMiddleware<TraceMiddleware>();

    public static IApplicationBuilder UseStrictHttp(this IApplicationBuilder app) => app
        .UseMiddleware<WholeAnswerMiddleware>()
        .UseMiddleware<SecurityHeadersMiddleware>()
        .UseMiddleware<ProblemMiddleware>()
        .UseMiddleware<RequestGuardMiddleware>();

    /// <summary>Routing comes before it.</summary>
    public static IApplicationBuilder UseReadableBodies(this IApplicationBuilder app) => app.UseMiddleware<RequestBodyMiddleware>();

    /// <summary>JSON as it is meant: no member that nobody reads, none twice, no comments, no numbers in quotes.</summary>
    private static void Restrict(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.MaxDepth = MaximumJsonDepth;
    }
}
