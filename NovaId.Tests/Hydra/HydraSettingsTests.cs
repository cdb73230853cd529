using NovaId.Emulator.Configuration;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Hydra;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Hydra;

public sealed class HydraSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-hydra-").FullName;

    [Theory]
    [InlineData("access_token: opaque", "access_token: jwt", "strategies.access_token")]
    [InlineData("scope: exact", "scope: wildcard", "strategies.scope")]
    [InlineData("rotation_grace_period: 0s", "rotation_grace_period: 10s", "oauth2.grant.refresh_token.rotation_grace_period")]
    [InlineData("expose_internal_errors: false", "expose_internal_errors: true", "oauth2.expose_internal_errors")]
    [InlineData("- public", "- pairwise", "oidc.subject_identifiers.supported_types[0]")]
    [InlineData("    enabled: false", "    enabled: true", "oidc.dynamic_client_registration.enabled")]
    [InlineData("access_token: 10m", "access_token: ten minutes", "ttl.access_token")]
    [InlineData("auth_code: 2m", "auth_kode: 2m", "ttl.auth_kode")]
    [InlineData("same_site_mode: Lax", "same_site_mode: Maybe", "serve.cookies.same_site_mode")]
    [InlineData("login: http://localhost:4455/accounts/login", "login: somewhere", "urls.login")]
    public void A_value_that_cannot_be_honoured_stops_the_start_and_is_named(string old, string changed, string key)
    {
        var file = Change(old, changed);
        var exception = Assert.Throws<ConfigurationException>(() => HydraService.Create(CreateContext()));
        Assert.Equal(key, exception.Key);
        Assert.Equal(file, exception.File);
        var line = Array.FindIndex(File.ReadAllLines(file), text => text.Contains(changed.Trim(), StringComparison.Ordinal)) + 1;
        Assert.Equal(line, exception.Line);
    }

    [Fact]
    public void A_strategy_that_is_missing_is_not_guessed()
    {
        Change("  scope: exact\n", "");
        var exception = Assert.Throws<ConfigurationException>(() => HydraService.Create(CreateContext()));
        Assert.Equal("strategies.scope", exception.Key);
        Assert.Contains("wildcard", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DEV", null, "urls.self.issuer")]
    [InlineData("SECRETS_SYSTEM", null, "secrets.system")]
    [InlineData("SECRETS_SYSTEM", "too-short", "secrets.system")]
    [InlineData("SECRETS_COOKIE", "too-short", "secrets.cookie")]
    [InlineData("SECRETS_COOKEI", "a-secret-that-is-long-enough", "SECRETS_COOKEI")]
    public void An_environment_that_is_not_enough_stops_the_start(string name, string? value, string key)
    {
        Change("", "");
        var exception = Assert.Throws<ConfigurationException>(() => HydraService.Create(CreateContext(name, value)));
        Assert.Equal(key, exception.Key);
        Assert.DoesNotContain("too-short", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Development_mode_in_the_file_has_no_effect_in_the_real_one_and_stops_the_start_here()
    {
        Change("version: v26.2.0", "dev: true");
        var exception = Assert.Throws<ConfigurationException>(() => HydraService.Create(CreateContext("DEV", null)));
        Assert.Equal("dev", exception.Key);
        Assert.NotEqual(0, exception.Line);
    }

    [Fact]
    public async Task The_lifespans_come_from_the_file()
    {
        Change("access_token: 10m", "access_token: 90s");
        await using var hydra = await HydraHost.StartAsync(_folder);
        Assert.Equal(90, (await hydra.GetTokenAsync(await hydra.CreateClientAsync()))["expires_in"]!.GetValue<int>());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServiceContext CreateContext() => HydraHost.CreateContext(new PrivateNetwork(), TimeProvider.System, _folder);

    private ServiceContext CreateContext(string name, string? value)
    {
        var context = CreateContext();
        var environment = new Dictionary<string, string>(context.Environment);
        environment.Remove(name);
        if (value is not null)
        {
            environment[name] = value;
        }

        return context with { Environment = environment };
    }

    private string Change(string old, string changed)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ory-config", "hydra", "hydra.yml"));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "hydra")).FullName, "hydra.yml");
        File.WriteAllText(file, old.Length == 0 ? text : text.Replace(old, changed, StringComparison.Ordinal));
        return file;
    }
}
