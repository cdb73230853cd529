using Microsoft.Extensions.Logging.Abstractions;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Kratos;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Kratos;

public sealed class KratosConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-kratos-").FullName;

    public KratosConfigurationTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "kratos"));
        foreach (var name in new[] { "kratos.yml", "person.schema.json" })
        {
            File.Copy(Path.Combine(KratosZone.ConfigurationFolder, "kratos", name), Path.Combine(_folder, "kratos", name));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("kratos.yml", "  lifespan: 12h", "  lifespan: 12h\n  lifetime: 1h", "session.lifetime")]
    [InlineData("kratos.yml", "same_site: Lax", "same_site: Loose", "same_site")]
    [InlineData("kratos.yml", "style: unified", "style: profile_first", "style")]
    [InlineData("kratos.yml", "haveibeenpwned_enabled: false", "haveibeenpwned_enabled: true", "haveibeenpwned_enabled")]
    [InlineData("kratos.yml", "algorithm: bcrypt", "algorithm: argon2", "hashers.algorithm")]
    [InlineData("kratos.yml", "lifespan: 12h", "lifespan: twelve hours", "session.lifespan")]
    [InlineData("kratos.yml", "default_schema_id: person", "default_schema_id: robot", "identity.default_schema_id")]
    [InlineData("kratos.yml", "hook: session", "hook: web_hook", "hook")]
    [InlineData("kratos.yml", "    - http://localhost:4455/accounts", "    - http://*.example.org/", "selfservice.allowed_return_urls")]
    [InlineData("person.schema.json", "\"maxLength\": 320", "\"maxLength\": 320, \"contentEncoding\": \"base64\"", "contentEncoding")]
    [InlineData("person.schema.json", "\"format\": \"email\"", "\"format\": \"idn-email\"", "format")]
    [InlineData("person.schema.json", "\"verification\": { \"via\": \"email\" }", "\"verification\": { \"by\": \"email\" }", "verification.by")]
    [InlineData("person.schema.json", "\"verification\": { \"via\": \"email\" }", "\"verification\": { \"via\": \"sms\" }", "verification.via")]
    public void What_cannot_be_honoured_stops_the_start_and_names_file_line_and_key(string file, string text, string replacement, string key)
    {
        Edit(file, text, replacement);

        var exception = Assert.Throws<ConfigurationException>(Create);

        Assert.Contains(key, exception.Key);
        Assert.Equal(Path.Combine(_folder, "kratos", file), exception.File);
        Assert.True(exception.Line > 0);
    }

    [Fact]
    public void A_short_secret_stops_the_start_without_being_told()
    {
        var environment = KratosZone.Environment();
        environment["SECRETS_COOKIE"] = "tooshort";

        var exception = Assert.Throws<ConfigurationException>(() => Create(environment));

        Assert.Equal("secrets.cookie", exception.Key);
        Assert.DoesNotContain("tooshort", exception.Message);
    }

    [Fact]
    public void A_missing_secret_stops_the_start()
    {
        var environment = KratosZone.Environment();
        environment.Remove("SECRETS_COOKIE");
        environment.Remove("SECRETS_DEFAULT");

        Assert.Throws<ConfigurationException>(() => Create(environment));
    }

    [Fact]
    public async Task The_configuration_decides_how_long_things_last()
    {
        Edit("kratos.yml", "lifespan: 12h", "lifespan: 2h");
        Edit("kratos.yml", "  earliest_possible_extend: 1h\n", "");
        await using var zone = await KratosZone.StartAsync(_folder);
        await zone.CreatePersonAsync("ada@novaid.local");

        var session = (await zone.LoginAsync("ada@novaid.local")).At("session");

        Assert.Equal(TimeSpan.FromHours(2), session.GetProperty("expires_at").GetDateTimeOffset() - session.GetProperty("issued_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Registration_can_be_switched_off()
    {
        Edit("kratos.yml", "    registration:\n      enabled: true", "    registration:\n      enabled: false");
        await using var zone = await KratosZone.StartAsync(_folder);

        using var response = await zone.Public.FetchAsync("/self-service/registration/api");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("self_service_flow_disabled", (await response.JsonAsync()).ErrorId());
    }

    private void Edit(string file, string text, string replacement)
    {
        var path = Path.Combine(_folder, "kratos", file);
        var before = File.ReadAllText(path);
        Assert.Contains(text, before);
        var at = before.IndexOf(text, StringComparison.Ordinal);
        File.WriteAllText(path, before[..at] + replacement + before[(at + text.Length)..]);
    }

    private void Create() => Create(KratosZone.Environment());

    private void Create(Dictionary<string, string> environment) =>
        KratosService.Create(
            new ServiceContext(_folder, environment, new PrivateNetwork(), TimeProvider.System, NullLoggerFactory.Instance),
            new Mailbox(TimeProvider.System));
}
