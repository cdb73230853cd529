using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Tests.Model;

/// <summary>Who speaks TLS inside the zone, and who is called so.</summary>
public sealed partial class ZoneTlsTests
{
    [Theory]
    [InlineData("kratos", 10000)]
    [InlineData("hydra", 65532)]
    [InlineData("postgres", 999)]
    [InlineData("mail", 1000)]
    public async Task A_server_has_a_certificate_for_its_name_and_a_key_for_its_user_alone(string name, int user)
    {
        var builder = await ZoneModel.CreateAsync();
        var files = await FilesOfAsync(builder, name, CertificateFiles.Folder);

        Assert.Equal(["ca.crt", "tls.key", "tls.crt"], files.Select(file => file.Name));
        Assert.Equal((user, UnixFileMode.UserRead), (files[1].Owner, files[1].Mode));
        using var certificate = X509Certificate2.CreateFromPem(files[2].Contents, files[1].Contents);
        Assert.Equal([name], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        var authority = builder.Resources.OfType<CertificateAuthorityResource>().Single();
        Assert.Equal(authority.Authority.CertificatePem, files[0].Contents);
    }

    [Theory]
    [InlineData("containers", "api")]
    [InlineData("containers", "accounts")]
    [InlineData("containers", "admin")]
    [InlineData("sealed", "api")]
    [InlineData("sealed", "accounts")]
    [InlineData("sealed", "admin")]
    public async Task A_program_behind_the_gateway_has_a_certificate_for_its_name_in_a_folder_that_ends_with_the_zone(string kind, string name)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:DemoPort=0");
        var program = builder.Resources.Single(resource => resource.Name == name);
        var files = program.Annotations.OfType<CertificateFilesAnnotation>().Single();
        var folder = Assert.IsType<CertificateFolder>(files.OfThisMachine);
        var environment = await EnvironmentOfAsync(builder, name);

        Assert.Equal([name], files.Names);
        Assert.False(Directory.Exists(folder.Path));
        var inside = kind == "sealed" ? CertificateFiles.Folder : folder.Path;
        Assert.Equal((Path.Combine(inside, "tls.crt"), Path.Combine(inside, "tls.key")), (environment["Tls__CertificateFile"], environment["Tls__KeyFile"]));
        if (kind == "sealed")
        {
            Assert.Equal(("", "808"), (environment["HTTP_PORTS"], ((string)environment["HTTPS_PORTS"])[..3]));
            Assert.Contains($"type=bind,source={folder.Path},target={CertificateFiles.Folder},readonly", await ArgumentsOfAsync(builder, name));
        }
        else
        {
            Assert.Equal("https", program.Annotations.OfType<EndpointAnnotation>().Single().UriScheme);
        }

        Assert.All(program.Annotations.OfType<ListenerAnnotation>(), listener => Assert.True(listener.Greeting.IsOverTls));
    }

    [Theory]
    [InlineData("containers")]
    [InlineData("sealed")]
    public async Task The_demo_which_browsers_reach_on_this_machine_alone_has_none(string kind)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:DemoPort=0");

        Assert.DoesNotContain(builder.Resources.Single(resource => resource.Name == "demo").Annotations.OfType<CertificateFilesAnnotation>(), files => files.Names.Count > 0);
        Assert.DoesNotContain("Tls__CertificateFile", (await EnvironmentOfAsync(builder, "demo")).Keys);
    }

    [Theory]
    [InlineData("keto")]
    [InlineData("oathkeeper")]
    public async Task Whoever_only_asks_has_the_authority_and_no_key(string name)
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.Equal(["ca.crt"], (await FilesOfAsync(builder, name, CertificateFiles.Folder)).Select(file => file.Name));
    }

    [Theory]
    [InlineData("kratos")]
    [InlineData("keto")]
    [InlineData("hydra")]
    [InlineData("kratos-migrate")]
    [InlineData("keto-migrate")]
    [InlineData("hydra-migrate")]
    public async Task A_database_is_known_by_its_name_and_its_authority(string name)
    {
        var builder = await ZoneModel.CreateAsync();
        var environment = await EnvironmentOfAsync(builder, name);

        Assert.Contains("@postgres:5432/", Expression(environment["DSN"]), StringComparison.Ordinal);
        Assert.Contains("sslmode=verify-full", Expression(environment["DSN"]), StringComparison.Ordinal);
        Assert.EndsWith("ca.crt", environment["PGSSLROOTCERT"].ToString(), StringComparison.Ordinal);
        Assert.Equal(environment["PGSSLROOTCERT"], environment["SSL_CERT_FILE"]);
    }

    [Theory]
    [InlineData("oathkeeper", "/etc/ory/oathkeeper")]
    [InlineData("kratos", "/etc/ory/kratos")]
    [InlineData("hydra", "/etc/ory/hydra")]
    public async Task Nobody_is_called_without_TLS_who_speaks_it(string name, string folder)
    {
        var builder = await ZoneModel.CreateAsync();
        var text = string.Join('\n', (await FilesOfAsync(builder, name, folder)).Select(file => file.Contents));

        Assert.DoesNotMatch(WithoutTls(), text);
        Assert.Matches("https://(kratos|hydra):44", text);
    }

    [Theory]
    [InlineData("containers")]
    [InlineData("sealed")]
    public async Task The_gateway_leads_to_every_program_over_TLS(string kind)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:DemoPort=0");
        var rules = (await FilesOfAsync(builder, "oathkeeper", "/etc/ory/oathkeeper")).Single(file => file.Name == "access-rules.yml").Contents!;

        foreach (var address in (string[])["api:8080", "accounts:8081", "accounts:8081/sessions/whoami", "admin:8082"])
        {
            Assert.Contains($"https://{address}\n", rules, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mails_are_taken_and_shown_over_TLS_alone()
    {
        var builder = await ZoneModel.CreateAsync();
        var mail = await EnvironmentOfAsync(builder, "mail");
        var rules = (await FilesOfAsync(builder, "oathkeeper", "/etc/ory/oathkeeper")).Single(file => file.Name == "access-rules.yml").Contents!;

        Assert.Equal("true", mail["MP_SMTP_REQUIRE_STARTTLS"]);
        Assert.Equal((CertificateFiles.Certificate, CertificateFiles.Key), (mail["MP_SMTP_TLS_CERT"], mail["MP_SMTP_TLS_KEY"]));
        Assert.Equal((CertificateFiles.Certificate, CertificateFiles.Key), (mail["MP_UI_TLS_CERT"], mail["MP_UI_TLS_KEY"]));
        Assert.True(builder.Resources.Single(resource => resource.Name == "mail").Annotations.OfType<CertificateFilesAnnotation>().Single().IsReadOnce);
        Assert.Equal("smtp://mail:1025/", (await EnvironmentOfAsync(builder, "kratos"))["COURIER_SMTP_CONNECTION_URI"]);
        Assert.Contains("https://mail:8025\n", rules, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("accounts")]
    [InlineData("admin")]
    [InlineData("demo")]
    public async Task Whoever_sends_spans_from_a_container_of_its_own_believes_the_authority_alone(string name)
    {
        var builder = await ZoneModel.CreateAsync("--Zone:Kind=sealed", "--Zone:DemoPort=0");

        Assert.Equal(CertificateFiles.Authority, (await EnvironmentOfAsync(builder, name))["OTEL_EXPORTER_OTLP_CERTIFICATE"]);
        Assert.Contains(builder.Resources.Single(resource => resource.Name == name).Annotations.OfType<CertificateFilesAnnotation>(), files => files.OfThisMachine is not null);
    }

    [Fact]
    public async Task The_authoritys_key_is_in_no_file_and_no_variable_of_a_container()
    {
        var builder = await ZoneModel.CreateAsync();
        var authority = builder.Resources.OfType<CertificateAuthorityResource>().Single();
        Assert.Null(authority.Folder);
        foreach (var resource in builder.Resources.Where(resource => resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().Any()))
        {
            foreach (var key in (await FilesOfAsync(builder, resource.Name, folder: null)).Where(file => file.Contents?.Contains("PRIVATE KEY", StringComparison.Ordinal) ?? false))
            {
                // Each key belongs to the certificate beside it, and none to the authority's.
                Assert.ThrowsAny<ArgumentException>(() => X509Certificate2.CreateFromPem(authority.Authority.CertificatePem, key.Contents));
            }
        }
    }

    [Theory]
    [InlineData("containers", "https://localhost:14455")]
    [InlineData("sealed", "https://oathkeeper:4455")]
    public async Task A_gateway_that_speaks_TLS_does_so_to_everybody_and_is_known_by_the_authority(string kind, string address)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:Https=true", "--Zone:GatewayPort=14455", "--Zone:DemoPort=0");
        var gateway = builder.Resources.OfType<OathkeeperResource>().Single();
        var files = gateway.Annotations.OfType<CertificateFilesAnnotation>().Single();
        _ = await FilesOfAsync(builder, "oathkeeper", CertificateFiles.Folder);

        Assert.Equal(["oathkeeper", "localhost"], files.Names);
        Assert.Equal(100, files.Owner);
        // It is read once, so it counts longer than all others.
        Assert.InRange(files.Current!.NotAfter - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
        Assert.True(gateway.SpeaksTls);
        Assert.Equal("https", gateway.Annotations.OfType<EndpointAnnotation>().Single().UriScheme);
        var environment = await EnvironmentOfAsync(builder, "oathkeeper");
        Assert.Equal((CertificateFiles.Certificate, CertificateFiles.Key), (environment["SERVE_PROXY_TLS_CERT_PATH"], environment["SERVE_PROXY_TLS_KEY_PATH"]));
        Assert.Equal("https://localhost:14455", Expression(environment["MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL"]));
        Assert.Equal("true", Expression((await EnvironmentOfAsync(builder, "kratos"))["SESSION_COOKIE_SECURE"]));
        Assert.Equal("false", Expression((await EnvironmentOfAsync(builder, "hydra"))["DEV"]));
        foreach (var name in (string[])["api", "accounts", "admin", "demo"])
        {
            var program = await EnvironmentOfAsync(builder, name);
            var folder = builder.Resources.Single(resource => resource.Name == name).Annotations.OfType<CertificateFilesAnnotation>().Single().OfThisMachine!;
            Assert.Equal(address, program["Gateway__Address"]);
            Assert.Equal(Path.Combine(kind == "sealed" ? CertificateFiles.Folder : folder.Path, "ca.crt"), program["Gateway__AuthorityFile"]);
        }
    }

    [Fact]
    public async Task A_gateway_speaks_no_TLS_unless_that_is_chosen()
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.False(builder.Resources.OfType<OathkeeperResource>().Single().SpeaksTls);
        Assert.DoesNotContain("SERVE_PROXY_TLS_CERT_PATH", (await EnvironmentOfAsync(builder, "oathkeeper")).Keys);
        Assert.DoesNotContain("Gateway__AuthorityFile", (await EnvironmentOfAsync(builder, "api")).Keys);
    }

    [Theory]
    [InlineData("Zone:Https is true, and the emulator speaks no TLS.", "emulator", null)]
    [InlineData("Zone:Https is true, and Zone:Address is 'http://localhost:14455'.", "containers", "http://localhost:14455")]
    [InlineData("Zone:Https is true, and Zone:Address is 'http://localhost:14455'.", "sealed", "http://localhost:14455")]
    public void TLS_that_cannot_be_is_refused_with_its_key(string reason, string kind, string? address)
    {
        var configuration = new ConfigurationManager();
        (configuration["Zone:Https"], configuration["Zone:Kind"], configuration["Zone:Address"]) = ("true", kind, address);

        Assert.StartsWith(reason, Assert.Throws<ZoneConfigurationException>(() => ZoneOptions.Read(configuration)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, true, "https://localhost:4455")]
    [InlineData(null, "https://id.example.org", true, "https://id.example.org")]
    [InlineData(null, "http://localhost:9000", false, "http://localhost:9000")]
    [InlineData("false", null, false, "http://localhost:4455")]
    [InlineData("false", "https://id.example.org", false, "https://id.example.org")]
    public void What_is_published_speaks_TLS_at_the_gateway_unless_something_else_is_said(string? https, string? address, bool speaks, string known)
    {
        var configuration = new ConfigurationManager();
        (configuration["Zone:Https"], configuration["Zone:Address"]) = (https, address);
        var options = ZoneOptions.Read(configuration, isPublished: true);

        Assert.Equal((speaks, known), (options.Https, options.Address));
        Assert.Equal(https is "true", ZoneOptions.Read(configuration).Https);
    }

    [Theory]
    [InlineData("31")]
    [InlineData("00:00:30")]
    [InlineData("31.00:00:00")]
    [InlineData("soon")]
    public void A_lifetime_that_cannot_be_is_refused_with_its_key(string lifetime)
    {
        var configuration = new ConfigurationManager();
        configuration["Zone:CertificateLifetime"] = lifetime;

        var refusal = Assert.Throws<ZoneConfigurationException>(() => ZoneOptions.Read(configuration));

        Assert.StartsWith("Zone:CertificateLifetime is '", refusal.Message, StringComparison.Ordinal);
    }

    private static string Expression(object value) => ((ReferenceExpression)value).ValueExpression;

    private static async Task<List<ContainerFile>> FilesOfAsync(IDistributedApplicationBuilder builder, string name, string? folder)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var execution = ZoneModel.ExecutionOf(builder);
        var files = new List<ContainerFile>();
        foreach (var annotation in resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().Where(annotation => folder is null || annotation.DestinationPath == folder))
        {
            var items = await annotation.Callback(new() { Model = resource, Services = execution.Services }, TestContext.Current.CancellationToken);
            files.AddRange(items.OfType<ContainerFile>());
        }

        return files;
    }

    private static async Task<List<string>> ArgumentsOfAsync(IDistributedApplicationBuilder builder, string name)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, TestContext.Current.CancellationToken) { ExecutionContext = ZoneModel.ExecutionOf(builder) };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return [.. arguments.OfType<string>()];
    }

    private static async Task<Dictionary<string, object>> EnvironmentOfAsync(IDistributedApplicationBuilder builder, string name)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(ZoneModel.ExecutionOf(builder), resource, variables, TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return variables;
    }

    [GeneratedRegex("(?<!s)://((kratos|hydra):44(33|34|44|45)|(api|accounts|admin):80)")]
    private static partial Regex WithoutTls();
}
