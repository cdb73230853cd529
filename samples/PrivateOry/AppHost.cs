var builder = DistributedApplication.CreateBuilder(args);

var inside = builder.AddPrivateNetwork("inside");
var edge = builder.AddEdgeNetwork("edge");

var postgres = builder.AddPrivatePostgres("postgres").OnNetworks(inside);
var kratos = builder.AddKratos("kratos").WithDatabase(postgres).OnNetworks(inside);
var keto = builder.AddKeto("keto").WithDatabase(postgres).OnNetworks(inside);
var hydra = builder.AddHydra("hydra").WithDatabase(postgres).OnNetworks(inside);
var gateway = builder.AddOathkeeper("gateway").OnNetworks(inside, edge);

builder.AddTopology("topology").WithIsolationProof(kratos).WaitFor(gateway).WaitFor(kratos).WaitFor(keto).WaitFor(hydra);

builder.Build().Run();
