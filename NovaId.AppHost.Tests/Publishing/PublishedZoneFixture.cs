using Aspire.Hosting.Testing;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Tests.Publishing;

/// <summary>The zone published into a folder that is removed afterwards, and the model that it was published from.</summary>
public sealed class PublishedZoneFixture : IAsyncLifetime
{
    private const string Given = "COOKIES_SECURE=true";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("novaid-published-").FullName;

    internal IReadOnlyList<IResource> Model { get; private set; } = [];

    internal IReadOnlyList<string> SecretValues { get; private set; } = [];

    internal YamlMappingNode File { get; private set; } = [];

    internal string FirstText { get; private set; } = "";

    internal string Text { get; private set; } = "";

    internal string Variables { get; private set; } = "";

    internal IEnumerable<(string Name, YamlMappingNode Service)> Services =>
        ((YamlMappingNode)File["services"]).Select(service => (service.Key.ToString(), (YamlMappingNode)service.Value));

    internal YamlMappingNode Service(string name) => Services.Single(service => service.Name == name).Service;

    public async ValueTask InitializeAsync()
    {
        await PublishAsync();
        FirstText = await ReadAsync("docker-compose.yaml");
        var variables = Path.Combine(Folder, ".env");
        await System.IO.File.WriteAllTextAsync(variables, (await ReadAsync(".env")).Replace("COOKIES_SECURE=", Given, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await PublishAsync();
        (Text, Variables) = (await ReadAsync("docker-compose.yaml"), await ReadAsync(".env"));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Text));
        File = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--operation", "publish", "--step", "publish", "--output-path", Folder, "--Zone:KeepData=false"], TestContext.Current.CancellationToken);
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        Model = [.. builder.Resources];
        await app.RunAsync(TestContext.Current.CancellationToken);
        var secrets = new List<string>();
        foreach (var parameter in Model.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            secrets.Add((await parameter.GetValueAsync(TestContext.Current.CancellationToken))!);
        }

        SecretValues = secrets;
    }

    private Task<string> ReadAsync(string name) => System.IO.File.ReadAllTextAsync(Path.Combine(Folder, name), TestContext.Current.CancellationToken);
}
