using Microsoft.Extensions.Options;
using NovaId.Api.AccessLog;
using NovaId.Api.Account;
using NovaId.Api.Authentication;
using NovaId.Api.Authorization;
using NovaId.Api.Checks;
using NovaId.Api.Configuration;
using NovaId.Api.Documents;
using NovaId.Api.Explanations;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Keys;
using NovaId.Api.Limits;
using NovaId.Api.Me;
using NovaId.Api.OpenApi;
using NovaId.Api.Public;
using NovaId.Api.Ranks;
using NovaId.Api.Shutdown;
using NovaId.Api.Storage;
using NovaId.Api.Timing;
using NovaId.Api.Users;
using NovaId.Api.Versions;
using NovaId.ServiceDefaults;

namespace NovaId.Api;

/// <summary>The API, in a process of its own or inside another.</summary>
public static class ApiApplication
{
    /// <summary>Puts the API together and checks its configuration; it is not started yet.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes the builder before anything is built: addresses, configuration, logging.</param>
    /// <returns>The application.</returns>
    /// <exception cref="OptionsValidationException">A key is missing or wrong; the failures name it and say what to do.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ApiApplication).Assembly.GetName().Name,
        });
        builder.AddServiceDefaults();
        builder.AddServerCertificate();
        builder.AddApiConfiguration();
        builder.AddStrictHttp();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage();
        builder.Services.AddAccessLog();
        builder.Services.AddLimits();
        builder.Services.AddGracefulShutdown();
        builder.Services.AddGateway();
        builder.Services.AddIdTokenAuthentication();
        builder.Services.AddLiveAuthorization();
        builder.Services.AddRanks();
        builder.Services.AddUsers();
        builder.Services.AddExplanations();
        builder.Services.AddDocuments();
        builder.Services.AddApiKeys();
        builder.Services.AddAccounts();
        builder.Services.AddApiDocumentation();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseTraces();
        app.UseServerTiming();
        app.UseGracefulShutdown();
        app.UseDecisionRecords();
        app.UseStrictHttp();
        app.UseRouting();
        app.UseReadableBodies();
        app.UseLiveAuthorization();
        app.UseVersions();

        app.MapGroup("")
            .AllowWithoutCaller("Whoever runs the API asks whether it runs.")
            .AllowWithoutLimit("Under a flood the answer counts most.")
            .MapDefaultEndpoints();
        app.MapApiDocumentation();
        app.MapAccountSchema();
        var api = app.MapGroup("/api");
        api.MapPublic();
        api.MapMe();
        api.MapAccount();
        api.MapChecks();
        api.MapExplanations();
        api.MapRanks();
        api.MapCapabilities();
        api.MapUsers();
        api.MapUserSearch();
        api.MapUserAccess();
        api.MapDocuments();
        api.MapKeys();
        api.MapAllKeys();
        api.MapAccessLog();
        return app;
    }
}
