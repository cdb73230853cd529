using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Tests.Publishing;

/// <summary>Who speaks TLS in what is published, and who is called so.</summary>
public sealed partial class PublishedTlsTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>
{
    /// <summary>Keto's ports have no TLS.</summary>
    private static readonly string[] WithoutTls = ["keto:4466", "keto:4467"];

    [Theory]
    [InlineData("oathkeeper", 100, "oathkeeper", "localhost", "${GATEWAY_HOST:-localhost}")]
    [InlineData("kratos", 10000, "kratos")]
    [InlineData("hydra", 65532, "hydra")]
    [InlineData("postgres", 999, "postgres")]
    [InlineData("mail", 1000, "mail")]
    [InlineData("api", 1654, "api")]
    [InlineData("accounts", 1654, "accounts")]
    [InlineData("admin", 1654, "admin")]
    public void A_server_has_a_certificate_for_its_names_a_key_for_its_user_alone_and_a_folder_that_nobody_else_mounts(string name, int user, params string[] names)
    {
        var command = Strings(zone.Service("authority"), "command");
        var option = name is "oathkeeper" or "mail" ? "--restarted-server" : "--server";
        var volume = Assert.Single(VolumesOf(zone.Service(name)), volume => volume["target"].ToString() == CertificateFiles.Folder);
        var source = volume["source"].ToString();

        Assert.Contains($"{name}={user}:{string.Join(',', names)}", command.Zip(command.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second));
        Assert.Equal("true", volume["read_only"].ToString());
        Assert.Equal(
            new[] { $"authority /certificates/{name}", $"{name} {CertificateFiles.Folder}" }.Order(),
            zone.Services.SelectMany(service => VolumesOf(service.Service).Where(mounted => mounted["source"].ToString() == source), (service, mounted) => $"{service.Name} {mounted["target"]}").Order());
    }

    [Fact]
    public void Whoever_only_asks_finds_the_authoritys_certificate_and_no_key()
    {
        string[] clients = [.. zone.Services.Where(service => VolumesOf(service.Service).Any(volume => volume["source"].ToString() == "authority-_clients")).Select(service => service.Name).Order()];

        Assert.Equal(["authority", "demo", "hydra-clients", "hydra-migrate", "keto", "keto-migrate", "kratos-migrate", "operator"], clients);
        Assert.All(clients[1..], client => Assert.All(VolumesOf(zone.Service(client)), volume => Assert.Equal("true", volume["read_only"].ToString())));
        var command = Strings(zone.Service("authority"), "command");
        Assert.Equal(["_clients"], command.Zip(command.Skip(1)).Where(pair => pair.First == "--client").Select(pair => pair.Second));
    }

    [Fact]
    public void The_authority_asks_nobody_keeps_its_key_to_itself_and_may_do_nothing_but_sign()
    {
        var authority = zone.Service("authority");

        Assert.Equal(["authority"], zone.Services.Where(service => VolumesOf(service.Service).Any(volume => volume["source"].ToString() == "authority")).Select(service => service.Name));
        Assert.Equal(("none", "0:0", "true", "unless-stopped"), (authority["network_mode"].ToString(), authority["user"].ToString(), authority["read_only"].ToString(), authority["restart"].ToString()));
        Assert.Equal(["ALL"], Strings(authority, "cap_drop"));
        Assert.Equal(["CHOWN"], Strings(authority, "cap_add"));
        Assert.Equal(["no-new-privileges:true"], Strings(authority, "security_opt"));
        Assert.All((string[])["networks", "ports", "environment"], key => Assert.False(authority.Children.ContainsKey(key)));
        Assert.Equal(zone.Service("operator")["image"], authority["image"]);
        Assert.Equal(
            [.. Strings(authority, "entrypoint"), .. Strings(authority, "command"), "--check"],
            ((YamlSequenceNode)authority["healthcheck"]["test"]).Select(word => word.ToString()).Skip(1));
    }

    [Fact]
    public void Nobody_is_called_without_TLS_but_Keto()
    {
        var texts = Directory.EnumerateFiles(Path.Combine(zone.Folder, "config"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Append(zone.Text).ToArray();
        var called = texts.SelectMany(text => Address().Matches(text)).Select(address => (Scheme: address.Groups["scheme"].Value, To: address.Groups["to"].Value)).Where(address => zone.Services.Any(service => service.Name == address.To.Split(':')[0])).ToArray();

        Assert.Equal(WithoutTls.Order(), called.Where(address => address.Scheme == "http").Select(address => address.To).Distinct().Order());
        Assert.Equal(
            ["accounts:8081", "admin:8082", "api:8080", "hydra:4444", "hydra:4445", "kratos:4433", "kratos:4434", "mail:8025", "oathkeeper:4455"],
            called.Where(address => address.Scheme == "https").Select(address => address.To).Distinct().Order());
    }

    [Fact]
    public void Every_database_is_known_by_its_name_and_its_authority()
    {
        var addresses = zone.Services.Where(service => service.Service.Children.TryGetValue("environment", out var variables) && ((YamlMappingNode)variables).Children.ContainsKey("DSN")).ToArray();

        Assert.Equal(["hydra", "hydra-migrate", "keto", "keto-migrate", "kratos", "kratos-migrate"], addresses.Select(service => service.Name).Order());
        Assert.All(addresses, service =>
        {
            Assert.Contains("@postgres:5432/", service.Service["environment"]["DSN"].ToString(), StringComparison.Ordinal);
            Assert.Contains("sslmode=verify-full", service.Service["environment"]["DSN"].ToString(), StringComparison.Ordinal);
            Assert.Equal(CertificateFiles.Authority, service.Service["environment"]["PGSSLROOTCERT"].ToString());
        });
        Assert.DoesNotContain("sslmode=disable", zone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sslmode=", File.ReadAllText(Path.Combine(zone.Folder, "kubernetes", "secrets.sh")).Replace("sslmode=verify-full", "", StringComparison.Ordinal), StringComparison.Ordinal);
        string[] server = Strings(zone.Service("postgres"), "command");
        Assert.Superset(new HashSet<string>(["ssl=on", $"ssl_cert_file={CertificateFiles.Certificate}", $"ssl_key_file={CertificateFiles.Key}", "hba_file=/etc/postgresql/pg_hba.conf"]), server.ToHashSet());
        Assert.DoesNotMatch(@"(?m)^host\s+all\s+all\s+all", File.ReadAllText(Path.Combine(zone.Folder, "config", "postgresql", "pg_hba.conf")));
    }

    [Theory]
    [InlineData("oathkeeper", "SERVE_PROXY_TLS_CERT_PATH", "SERVE_PROXY_TLS_KEY_PATH")]
    [InlineData("kratos", "SERVE_PUBLIC_TLS_CERT_PATH", "SERVE_PUBLIC_TLS_KEY_PATH")]
    [InlineData("kratos", "SERVE_ADMIN_TLS_CERT_PATH", "SERVE_ADMIN_TLS_KEY_PATH")]
    [InlineData("hydra", "SERVE_TLS_CERT_PATH", "SERVE_TLS_KEY_PATH")]
    [InlineData("mail", "MP_SMTP_TLS_CERT", "MP_SMTP_TLS_KEY")]
    [InlineData("mail", "MP_UI_TLS_CERT", "MP_UI_TLS_KEY")]
    [InlineData("api", "Tls__CertificateFile", "Tls__KeyFile")]
    [InlineData("accounts", "Tls__CertificateFile", "Tls__KeyFile")]
    [InlineData("admin", "Tls__CertificateFile", "Tls__KeyFile")]
    public void A_server_presents_its_certificate(string name, string certificate, string key)
    {
        var environment = zone.Service(name)["environment"];

        Assert.Equal((CertificateFiles.Certificate, CertificateFiles.Key), (environment[certificate].ToString(), environment[key].ToString()));
        if (name is "api" or "accounts" or "admin")
        {
            Assert.Equal("", environment["HTTP_PORTS"].ToString());
        }
    }

    [Theory]
    [InlineData("oathkeeper", "SSL_CERT_FILE")]
    [InlineData("kratos", "SSL_CERT_FILE")]
    [InlineData("hydra", "SSL_CERT_FILE")]
    [InlineData("hydra-clients", "SSL_CERT_FILE")]
    [InlineData("operator", "SSL_CERT_FILE")]
    [InlineData("api", "Gateway__AuthorityFile")]
    [InlineData("accounts", "Gateway__AuthorityFile")]
    [InlineData("admin", "Gateway__AuthorityFile")]
    [InlineData("demo", "Gateway__AuthorityFile")]
    public void Whoever_asks_believes_the_authority_and_nobody_else(string name, string variable)
    {
        var environment = (YamlMappingNode)zone.Service(name)["environment"];

        Assert.Equal(CertificateFiles.Authority, environment[variable].ToString());
        Assert.Equal(variable == "SSL_CERT_FILE", environment.Children.TryGetValue("SSL_CERT_DIR", out var folder) && folder.ToString() == "/nonexistent");
    }

    [Theory]
    [InlineData("postgres", "docker-entrypoint.sh", "kill -s HUP")]
    [InlineData("oathkeeper", "oathkeeper", "")]
    [InlineData("mail", "/mailpit", "")]
    public void Who_does_not_notice_a_new_certificate_has_a_shell_before_it_that_does(string name, string program, string reload)
    {
        var command = Strings(zone.Service(name), "command");

        Assert.Equal(["sh"], Strings(zone.Service(name), "entrypoint"));
        Assert.Contains(CertificateFiles.Certificate, command[1], StringComparison.Ordinal);
        Assert.StartsWith(reload, command[3], StringComparison.Ordinal);
        Assert.Equal((reload.Length == 0, program), (command[3].Length == 0, command[4]));
    }

    [Fact]
    public async Task A_gateway_without_TLS_is_chosen_and_everything_behind_it_speaks_TLS_all_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("novaid-published-");
        try
        {
            await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
                ["--operation", "publish", "--step", "publish", "--output-path", folder.FullName, "--Zone:KeepData=false", "--Zone:Https=false"], TestContext.Current.CancellationToken))
            {
                await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
                await app.RunAsync(TestContext.Current.CancellationToken);
            }

            var text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docker-compose.yaml"), TestContext.Current.CancellationToken);
            Assert.Contains("Gateway__Address: http://oathkeeper:4455", text, StringComparison.Ordinal);
            Assert.Contains("${GATEWAY_ADDRESS:-http://localhost:4455}", text, StringComparison.Ordinal);
            Assert.DoesNotContain("SERVE_PROXY_TLS", text, StringComparison.Ordinal);
            Assert.DoesNotContain("oathkeeper=100:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Gateway__AuthorityFile", text, StringComparison.Ordinal);
            Assert.Contains("kratos=10000:kratos", text, StringComparison.Ordinal);
            Assert.DoesNotContain("backend-protocol", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "kubernetes", "base", "ingress.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<YamlNode> VolumesOf(YamlMappingNode service) => service.Children.TryGetValue("volumes", out var volumes) ? (YamlSequenceNode)volumes : [];

    private static string[] Strings(YamlMappingNode service, string key) =>
        service.Children.TryGetValue(key, out var values) ? [.. ((YamlSequenceNode)values).Select(value => value.ToString())] : [];

    [GeneratedRegex(@"\b(?<scheme>https?)://(?<to>[a-z-]+:\d+)")]
    private static partial Regex Address();
}
