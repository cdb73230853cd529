using PublicApiGenerator;

namespace NovaId.AppHost.Tests.Libraries;

/// <summary>What the two libraries promise to others. A change of it is a decision: it changes the files beside this one.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(EdgeNetworkResource))]
    [InlineData(typeof(KratosResource))]
    public async Task What_is_public_is_what_was_agreed_on(Type of)
    {
        var name = of.Assembly.GetName().Name;
        var folder = Path.GetFullPath(Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", "NovaId.AppHost.Tests", "Libraries"));
        var agreed = Path.Combine(folder, $"{name}.txt");
        var found = of.Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";

        if (!File.Exists(agreed) || await File.ReadAllTextAsync(agreed, TestContext.Current.CancellationToken) != found)
        {
            var received = Path.Combine(folder, $"{name}.received.txt");
            await File.WriteAllTextAsync(received, found, TestContext.Current.CancellationToken);
            Assert.Fail($"What {name} makes public has changed. If that is meant, {received} takes the place of {agreed}.");
        }
    }
}
