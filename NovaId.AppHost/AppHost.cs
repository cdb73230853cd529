using Aspire.Hosting.Lifecycle;
using NovaId.AppHost.Api;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Drills;
using NovaId.AppHost.Edge;
using NovaId.AppHost.Emulator;
using NovaId.AppHost.Mail;
using NovaId.AppHost.Operator;
using NovaId.AppHost.Pages;
using NovaId.AppHost.Startup;
using NovaId.AppHost.Telemetry;
using NovaId.Operator;

try
{
    // Inside, the zone's own authority counts: no container needs to trust this machine's development certificate, or is to have it.
    var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, TrustDeveloperCertificate = false });
    var zone = ZoneOptions.Read(builder.Configuration, builder.ExecutionContext.IsPublishMode);
    var configuration = zone.Configuration;
    builder.Services.AddEventingSubscriber<FailureReporter>();
    builder.Services.AddEventingSubscriber<DashboardRuntime>();
    if (zone.Kind == ZoneKind.Emulator && builder.ExecutionContext.IsRunMode)
    {
        builder.AddEmulatedZone("emulator", zone, configuration);
        await using var emulated = builder.Build();
        await emulated.RunAsync();
        return 0;
    }

    var privateNetwork = builder.AddPrivateNetwork("private");
    var edgeNetwork = builder.AddEdgeNetwork("edge");

    var apiKey = builder.AddClientKey("api-client-key", zone.KeepData);
    var operatorKey = builder.AddClientKey("operator-client-key", zone.KeepData);
    var accountsKey = builder.AddClientKey("accounts-client-key", zone.KeepData);
    var demoSecret = builder.AddGeneratedSecret("demo-client-secret", zone.KeepData);
    var signingKey = builder.AddSigningKey("signing-key", zone.KeepData);

    // Whose certificates count inside.
    var authority = builder.AddZoneAuthority("authority", zone);

    // The gateway: the only thing on both networks.
    var oathkeeper = builder.AddOathkeeper("oathkeeper", zone.GatewayPort)
        .WithConfiguration($"{configuration}/oathkeeper")
        .WithZoneAddress(zone, "oathkeeper")
        .WithIdTokens(signingKey, zone.KeepData)
        .WithTrust(authority)
        .WithListener(OathkeeperResource.ProxyPort, Greeting.Http("/gw/.well-known/jwks.json", """^\{"keys":\["""))
        .WithTls(zone, authority)
        .OnBothLoopbacks(zone)
        .OnNetworks(privateNetwork, edgeNetwork)
        .WithTelemetryRoute(edgeNetwork, authority);

    // The private network: no way out, and nobody gets in.
    var postgres = builder.AddPrivatePostgres("postgres", zone.KeepData)
        .WithScripts($"{configuration}/postgres")
        .WithTls(authority)
        .KeepData(zone)
        .OnNetworks(privateNetwork);
    var kratos = builder.AddKratos("kratos", zone.KeepData)
        .WithConfiguration($"{configuration}/kratos")
        .WithZoneAddress(zone, "kratos")
        .WithRelyingParty(zone)
        .WithTls(authority)
        .WithDatabase(postgres)
        .OnNetworks(privateNetwork)
        .WithSpansThrough(oathkeeper);
    var keto = builder.AddKeto("keto", zone.KeepData)
        .WithConfiguration($"{configuration}/keto")
        .WithDatabase(postgres)
        .OnNetworks(privateNetwork)
        .WithSpansThrough(oathkeeper);
    var hydra = builder.AddHydra("hydra", zone.KeepData)
        .WithConfiguration($"{configuration}/hydra")
        .WithZoneAddress(zone, "hydra")
        .WithTransport(zone)
        .WithTls(authority)
        .WithDatabase(postgres)
        .OnNetworks(privateNetwork)
        .WithSpansThrough(oathkeeper);
    var clients = hydra.AddClients("hydra-clients", "clients.json", ("novaid-api", apiKey), (OperatorAccount.DefaultClientId, operatorKey), ("novaid-accounts", accountsKey), ("demo", demoSecret))
        .WithDemoAddress(zone);
    var mail = builder.AddMailpit("mail", privateNetwork).WithTls(authority, kratos).BehindGateway(oathkeeper);
    postgres.MadeBefore(oathkeeper);
    oathkeeper.MadeBefore(mail);

    // Who may start, and when: the API on no other networks than these, and not before everything it asks is there and said right. What
    // does not answer yet, denies.
    var check = builder.AddConfigurationCheck("configuration", configuration);
    var topology = builder.AddTopology("topology").WithIsolationProof(kratos)
        .WaitForCompletion(check).WaitFor(oathkeeper).WaitForStart(kratos).WaitForStart(keto).WaitForStart(hydra);
    if (builder.ExecutionContext.IsPublishMode)
    {
        var seeder = builder.AddPublishedOperator("operator", zone, configuration, oathkeeper, operatorKey, authority)
            .WaitFor(topology).WaitForCompletion(clients);
        authority.SignedByOperator(seeder);
    }
    else
    {
        builder.AddOperator("operator", zone, configuration, oathkeeper, operatorKey)
            .WithDrill(kratos, keto, hydra, oathkeeper, postgres)
            .WaitFor(topology).WaitFor(kratos).WaitFor(keto).WaitForCompletion(clients);
    }

    // The edge: the API and the pages for people. The gateway is all that each of them reaches.
    builder.AddEdge(zone, oathkeeper, edgeNetwork, topology)
        .WithTls(authority)
        .AddApi("api", apiKey)
        .AddAccounts("accounts", accountsKey)
        .AddAdmin("admin")
        .AddDemo("demo", zone, demoSecret);

    // Where the images come from, and what `aspire publish` makes of all this.
    builder.TakeImages(zone);
    builder.AddComposeFile("compose");
    builder.AddKubernetesManifests("kubernetes", oathkeeper, builder.PublishedHost(zone));

    await using var application = builder.Build();
    await application.RunAsync();
    return Environment.ExitCode;
}
catch (ContainerEngineException exception)
{
    await Console.Error.WriteLineAsync(
        $"NovaId did not start. {exception.Message} Or run the zone without containers: dotnet run --project NovaId.AppHost --launch-profile emulator");
    return 1;
}
catch (Exception exception) when (exception is ZoneConfigurationException or DistributedApplicationException)
{
    await Console.Error.WriteLineAsync($"NovaId did not start. {exception.Message}");
    return 1;
}
