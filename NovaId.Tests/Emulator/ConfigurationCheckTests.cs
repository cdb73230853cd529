using NovaId.Tests.Gateway;

namespace NovaId.Tests.Emulator;

public sealed class ConfigurationCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-check-test-");

    public ConfigurationCheckTests()
    {
        foreach (var file in Directory.EnumerateFiles(TestGateway.RealFolder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(TestGateway.RealFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_in_the_repository_passes()
    {
        var (code, output) = await CheckAsync();

        Assert.Equal(0, code);
        Assert.Contains($"Every service can be started with {_folder.FullName}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oathkeeper/access-rules.yml", "handler: id_token", "handler: id_tokn", "].mutators[1].handler: is 'id_tokn'")]
    [InlineData("oathkeeper/mail-rule.yml", "handler: oauth2_introspection", "handler: oauth2", "].authenticators[0].handler: is 'oauth2'")]
    [InlineData("kratos/kratos.yml", "  same_site: Lax\n  secure", "  same_site: Lex\n  secure", "cookies.same_site")]
    [InlineData("keto/keto.yml", "max_read_depth: 16", "max_read_dept: 16", "limit.max_read_dept")]
    [InlineData("hydra/hydra.yml", "access_token: opaque", "access_token: glass", "strategies.access_token")]
    public async Task Something_broken_is_named_with_file_and_key(string file, string right, string wrong, string key)
    {
        var path = Path.Combine(_folder.FullName, file);
        var content = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains(right, content, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, content.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output) = await CheckAsync();

        Assert.Equal(1, code);
        Assert.Contains(path, output, StringComparison.Ordinal);
        Assert.Contains(key, output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> CheckAsync()
    {
        await using var emulator = EmulatorProcess.Start(["check", "--config", _folder.FullName]);
        await emulator.ExitAsync(TestContext.Current.CancellationToken);
        return (emulator.ExitCode, emulator.Output + emulator.Errors);
    }
}
