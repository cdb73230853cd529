using Aspire.Hosting.Lifecycle;
using NovaId.AppHost.Api;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Emulator;
using NovaId.AppHost.Engine;
using NovaId.AppHost.Mail;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Operator;
using NovaId.AppHost.Ory;
using NovaId.AppHost.Postgres;
using NovaId.AppHost.Proofs;
using NovaId.AppHost.Publishing;
using NovaId.AppHost.Startup;
using NovaId.AppHost.Telemetry;

try
{
    // Nothing here speaks TLS: no container needs to trust this machine's development certificate, or is to have it.
    var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, TrustDeveloperCertificate = false });
    var zone = ZoneOptions.Read(builder.Configuration);
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

    var apiSecret = builder.AddSecret("api-client-secret", zone.KeepData);
    var operatorSecret = builder.AddSecret("operator-client-secret", zone.KeepData);
    var accountsSecret = builder.AddSecret("accounts-client-secret", zone.KeepData);
    var signingKey = builder.AddSigningKey("signing-key", zone.KeepData);

    // The gateway: the only thing on both networks.
    var oathkeeper = builder.AddOathkeeper("oathkeeper", zone, configuration, signingKey, privateNetwork, edgeNetwork)
        .WithTelemetryRoute(edgeNetwork);

    // The private network: no way out, and nobody gets in.
    var postgres = builder.AddPrivatePostgres("postgres", zone, $"{configuration}/postgres", privateNetwork);
    var kratos = builder.AddKratos("kratos", zone, configuration, postgres.AddServiceDatabase("kratos", zone), privateNetwork).WithSpansThrough(oathkeeper);
    var keto = builder.AddKeto("keto", zone, configuration, postgres.AddServiceDatabase("keto", zone), privateNetwork).WithSpansThrough(oathkeeper);
    var hydra = builder.AddHydra("hydra", zone, configuration, postgres.AddServiceDatabase("hydra", zone), privateNetwork).WithSpansThrough(oathkeeper);
    var clients = hydra.AddServiceClients(zone, configuration, apiSecret, operatorSecret, accountsSecret, privateNetwork);
    var mail = builder.AddMailpit("mail", zone, privateNetwork).BehindGateway(oathkeeper);
    postgres.MadeBefore(oathkeeper);
    oathkeeper.MadeBefore(mail);

    // Who may start, and when: the API on no other networks than these, and not before everything it asks is there and said right. What
    // does not answer yet, denies.
    var check = builder.AddConfigurationCheck("configuration", configuration);
    var topology = builder.AddTopology("topology").WithIsolationProof()
        .WaitForCompletion(check).WaitFor(oathkeeper).WaitForStart(kratos).WaitForStart(keto).WaitForStart(hydra);
    builder.AddOperator("operator", zone, configuration, oathkeeper, operatorSecret)
        .WaitFor(topology).WaitFor(kratos).WaitFor(keto).WaitForCompletion(clients);

    // The edge network.
    builder.AddApi("api", zone, oathkeeper, apiSecret, edgeNetwork, topology);

    // What `aspire publish` makes of all this.
    builder.AddComposeZone("compose");

    await using var application = builder.Build();
    await application.RunAsync();
    return Environment.ExitCode;
}
catch (Exception exception) when (exception is ZoneConfigurationException or ContainerEngineException)
{
    await Console.Error.WriteLineAsync($"NovaId did not start. {exception.Message}");
    return 1;
}
