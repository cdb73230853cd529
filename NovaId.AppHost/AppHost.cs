using Aspire.Hosting.Lifecycle;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Mail;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Ory;
using NovaId.AppHost.Postgres;
using NovaId.AppHost.Proofs;
using NovaId.AppHost.Startup;

const string Configuration = "../ory-config";

var builder = DistributedApplication.CreateBuilder(args);
builder.Services.AddEventingSubscriber<FailureReporter>();
var zone = ZoneOptions.Read(builder.Configuration);

var privateNetwork = builder.AddPrivateNetwork("private");
var edgeNetwork = builder.AddEdgeNetwork("edge");

var apiSecret = builder.AddSecret("api-client-secret", zone.KeepData);
var operatorSecret = builder.AddSecret("operator-client-secret", zone.KeepData);
var signingKey = builder.AddSigningKey("signing-key", zone.KeepData);

// The private network: no way out, nobody gets in.
var postgres = builder.AddPrivatePostgres("postgres", zone, $"{Configuration}/postgres", privateNetwork);
var mail = builder.AddMailpit("mail", zone, privateNetwork);
var kratos = builder.AddKratos("kratos", zone, Configuration, postgres.AddServiceDatabase("kratos", zone), privateNetwork);
var keto = builder.AddKeto("keto", zone, Configuration, postgres.AddServiceDatabase("keto", zone), privateNetwork);
var hydra = builder.AddHydra("hydra", zone, Configuration, postgres.AddServiceDatabase("hydra", zone), privateNetwork);
var clients = hydra.AddServiceClients(zone, Configuration, apiSecret, operatorSecret, privateNetwork);

// The gateway: the only thing on both.
var oathkeeper = builder.AddOathkeeper("oathkeeper", zone, Configuration, signingKey, privateNetwork, edgeNetwork)
    .WithHostAlias("api", edgeNetwork);

var topology = builder.AddTopology("topology")
    .WithIsolationProof()
    .WaitFor(kratos).WaitFor(keto).WaitFor(hydra).WaitFor(oathkeeper).WaitForCompletion(clients);

// The edge network.
var api = builder.AddProject<Projects.NovaId_Api>("api", launchProfileName: null)
    .WithHttpEndpoint(port: zone.ApiPort, name: "http", isProxied: false)
    .ReachableFrom(edgeNetwork, "http")
    .WithListener(zone.ApiPort, Greeting.Http("/api/public", "\"name\":\"NovaId\""))
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithEnvironment("Gateway__Address", zone.GatewayAddress)
    .WithEnvironment("Gateway__ClientSecret", apiSecret)
    .WithEnvironment("Storage__Path", ":memory:")
    .WaitFor(topology);

builder.Build().Run();
return 0;
