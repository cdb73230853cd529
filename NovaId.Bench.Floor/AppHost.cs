using System.Text.Json;
using NovaId.Bench.Starts;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, TrustDeveloperCertificate = false });
var services = JsonSerializer.Deserialize<IReadOnlyList<FloorService>>(File.ReadAllText(Given("FLOOR_SERVICES")))!;
var containers = services.ToDictionary(service => service.Name, Add);
foreach (var service in services)
{
    foreach (var name in service.AfterEnd)
    {
        containers[service.Name].WaitForCompletion(containers[name]);
    }

    // Aspire cannot ask a container for its health: the programs wait inside for what they need.
    foreach (var name in service.AfterHealthy)
    {
        containers[service.Name].WaitForStart(containers[name]);
    }
}

builder.AddExecutable("api", "dotnet", ".", Given("FLOOR_API"))
    .WithEnvironment("ASPNETCORE_URLS", "http://127.0.0.1:0")
    .WithEnvironment("Gateway__Address", Given("FLOOR_GATEWAY"))
    .WithEnvironment("Gateway__ClientKey", Given("FLOOR_API_KEY"))
    .WithEnvironment("Storage__Path", ":memory:");
builder.Build().Run();

IResourceBuilder<ContainerResource> Add(FloorService service)
{
    var image = service.Image.LastIndexOf(':');
    var container = builder.AddContainer(service.Name, service.Image[..image], service.Image[(image + 1)..])
        .WithArgs([.. service.Entrypoint.Skip(1), .. service.Command]);
    if (service.Entrypoint is [var entrypoint, ..])
    {
        container.WithEntrypoint(entrypoint);
    }

    foreach (var (name, value) in service.Environment)
    {
        container.WithEnvironment(name, value);
    }

    foreach (var (target, source) in service.Files)
    {
        container.WithBindMount(source, target, isReadOnly: true);
    }

    if (service.Port is { } port)
    {
        container.WithEndpoint(port: port.Open, targetPort: port.Inside, scheme: "http", isProxied: false);
    }

    return container;
}

static string Given(string name) =>
    Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set. NovaId.Bench --starts starts this program.");
