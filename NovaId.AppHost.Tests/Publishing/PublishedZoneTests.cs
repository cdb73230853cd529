using System.Text.RegularExpressions;
using NovaId.AppHost.Tests.Zones;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Tests.Publishing;

public sealed partial class PublishedZoneTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>
{
    [Fact]
    public void The_networks_are_those_of_the_model_and_the_private_one_has_no_way_out()
    {
        var networks = (YamlMappingNode)zone.File["networks"];

        Assert.Equal(
            zone.Model.OfType<ContainerNetworkResource>().Select(network => $"{network.Name} {network.IsInternal}").Order(),
            networks.Select(network => $"{network.Key} {bool.Parse(network.Value["internal"].ToString())}").Order());
        Assert.Equal("true", networks["private"]["internal"].ToString());
        Assert.Equal("isolated", networks["private"]["driver_opts"]["com.docker.network.bridge.gateway_mode_ipv4"].ToString());
    }

    [Fact]
    public void Every_service_stands_where_the_model_puts_it_and_the_gateway_alone_on_both()
    {
        foreach (var (name, service) in zone.Services)
        {
            var declared = Resource(name).Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network.Name);

            Assert.Equal(declared.Order(), Strings(service, "networks").Order());
        }

        Assert.Equal(["oathkeeper"], zone.Services.Where(service => Strings(service.Service, "networks").Length > 1).Select(service => service.Name));
        Assert.Equal(["edge"], Strings(zone.Service("api"), "networks"));
        Assert.Equal(["edge-accounts"], Strings(zone.Service("accounts"), "networks"));
        Assert.Equal(["edge-admin"], Strings(zone.Service("admin"), "networks"));
        Assert.Equal(["edge-demo"], Strings(zone.Service("demo"), "networks"));
        Assert.Equal(["edge-operator"], Strings(zone.Service("operator"), "networks"));
        // Whoever stands on a network beside the gateway stands there alone.
        Assert.All(
            zone.Services.SelectMany(service => Strings(service.Service, "networks"), (service, network) => (service.Name, network)).GroupBy(place => place.network).Where(network => network.Key != "private"),
            network => Assert.Equal(2, network.Count()));
    }

    [Fact]
    public void No_port_is_open_but_the_gateways_and_the_demos_and_those_on_the_loopback_address_alone()
    {
        Assert.Equal(["127.0.0.1:4455:4455", "127.0.0.1:4460:4460"], zone.Services.SelectMany(service => Strings(service.Service, "ports")));
        // Who signs the certificates asks nobody, and nobody asks it.
        Assert.Equal(["authority none"], zone.Services.Where(service => service.Service.Children.ContainsKey("network_mode")).Select(service => $"{service.Name} {service.Service["network_mode"]}"));
    }

    [Fact]
    public void What_is_published_runs_in_production_whoever_published_it_where()
    {
        string[] programs = ["accounts", "admin", "api", "demo"];

        // These tests publish as a developer does.
        Assert.Equal(
            programs.Select(program => $"{program} Production"),
            zone.Services.Where(service => service.Service.Children.TryGetValue("environment", out var variables) && ((YamlMappingNode)variables).Children.ContainsKey("ASPNETCORE_ENVIRONMENT"))
                .Select(service => $"{service.Name} {service.Service["environment"]["ASPNETCORE_ENVIRONMENT"]}").Order());
    }

    [Fact]
    public void No_container_asks_outside_for_a_name()
    {
        var asking = zone.Services.Where(service => Strings(service.Service, "networks").Length > 0).ToArray();

        Assert.Equal(["authority"], zone.Services.Except(asking).Select(service => service.Name));
        Assert.All(asking, service => Assert.Equal(["127.0.0.1"], Strings(service.Service, "dns")));
        Assert.All(asking, service => Assert.Equal(["."], Strings(service.Service, "dns_search")));
    }

    [Fact]
    public void What_the_model_waits_for_is_waited_for_until_it_is_healthy_or_done()
    {
        var waited =
            from service in zone.Services
            from wait in Resource(service.Name).Annotations.OfType<WaitAnnotation>()
            where wait.Resource is not TopologyResource
            select $"{service.Name} {wait.Resource.Name} {(wait.WaitType == WaitType.WaitForCompletion ? "service_completed_successfully" : "service_healthy")}";
        string[] throughTopology =
        [
            .. from program in (string[])["api", "accounts", "admin", "demo", "operator"]
               from service in (string[])["oathkeeper", "kratos", "keto", "hydra"]
               select $"{program} {service} service_healthy",
        ];

        var published =
            from service in zone.Services
            where service.Service.Children.ContainsKey("depends_on")
            from dependency in (YamlMappingNode)service.Service["depends_on"]
            select $"{service.Name} {dependency.Key} {dependency.Value["condition"]}";

        // Without this, 'docker compose up --wait' fails as soon as the operator is done.
        var signed = zone.Services.Where(service => Resource(service.Name).Annotations.OfType<CertificateFilesAnnotation>().Any()).Select(service => $"{service.Name} authority service_healthy");
        Assert.Equal(waited.Concat(throughTopology).Concat(signed).Append("demo operator service_completed_successfully").Order(), published.Order());
        Assert.Contains("kratos-migrate postgres service_healthy", published);
    }

    [Fact]
    public void What_others_wait_for_to_be_healthy_is_asked_as_the_model_says()
    {
        foreach (var (name, service) in zone.Services.Where(service => service.Name != "authority"))
        {
            var declared = Resource(name).Annotations.OfType<HealthCommandAnnotation>().LastOrDefault()?.Command;

            // In a compose file, the second of two dollars is the shell's.
            Assert.Equal(declared?.Replace("$", "$$", StringComparison.Ordinal), service.Children.TryGetValue("healthcheck", out var health) ? health["test"][1].ToString() : null);
        }

        string[] healthy = [.. zone.Services.Where(service => service.Service.Children.ContainsKey("healthcheck")).Select(service => service.Name).Order()];
        Assert.Equal(["authority", "hydra", "keto", "kratos", "mail", "oathkeeper", "postgres"], healthy);
    }

    [Fact]
    public void No_secret_stands_in_any_file()
    {
        var texts = Directory.EnumerateFiles(zone.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();

        Assert.NotEmpty(zone.SecretValues);
        Assert.All(zone.SecretValues, secret => Assert.True(secret.Length >= 32));
        Assert.All(texts, text => Assert.All(zone.SecretValues, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_secret_is_a_variable_without_which_nothing_starts()
    {
        foreach (var parameter in zone.Model.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            var name = parameter.Name.ToUpperInvariant().Replace('-', '_');

            Assert.Contains($"${{{name}:?", zone.Text, StringComparison.Ordinal);
            Assert.Matches(new Regex($"^{name}=$", RegexOptions.Multiline), zone.Variables);
        }

        var optional = Variable().Matches(zone.Text).Select(match => match.Value).Where(variable => !variable.Contains(":?", StringComparison.Ordinal)).Distinct().Order();
        Assert.Equal(["${COOKIES_SECURE:-true}", "${GATEWAY_ADDRESS:-https://localhost:4455}", "${GATEWAY_HOST:-localhost}", "${HYDRA_DEV:-false}"], optional);
    }

    [Fact]
    public void One_variable_moves_every_value_that_hangs_on_the_zones_address()
    {
        const string Address = "${GATEWAY_ADDRESS:-https://localhost:4455}";
        var repository = Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", "ory-config");
        foreach (var service in (string[])["kratos", "hydra", "oathkeeper"])
        {
            var lines = File.ReadAllLines(Path.Combine(repository, service, $"{service}.yml")).Where(line => !line.TrimStart().StartsWith('#'));
            var written = lines.Count(line => line.Contains("http://localhost:4455", StringComparison.Ordinal));
            var environment = (YamlMappingNode)zone.Service(service)["environment"];

            Assert.NotEqual(0, written);
            Assert.Equal(written, environment.Sum(variable => variable.Value.ToString().Split(Address).Length - 1));
        }

        var kratos = zone.Service("kratos")["environment"];
        Assert.Equal($"{Address}/accounts/login", kratos["SELFSERVICE_FLOWS_LOGIN_UI_URL"].ToString());
        Assert.Equal($"{Address}/accounts,{Address}/admin", kratos["SELFSERVICE_ALLOWED_RETURN_URLS"].ToString());
        Assert.Equal("${GATEWAY_HOST:-localhost}", kratos["SELFSERVICE_METHODS_PASSKEY_CONFIG_RP_ID"].ToString());
        Assert.Equal($"{Address}/accounts/device", zone.Service("hydra")["environment"]["URLS_DEVICE_VERIFICATION"].ToString());
    }

    [Fact]
    public void The_signing_key_belongs_to_the_gateways_user_alone()
    {
        var reference = ((YamlSequenceNode)zone.Service("oathkeeper")["configs"]).Single(config => config["target"].ToString().Contains("jwks", StringComparison.Ordinal));

        Assert.Equal(("100", "0400"), (reference["uid"].ToString(), reference["mode"].ToString()));
        Assert.StartsWith("${SIGNING_KEY:?", zone.File["configs"][reference["source"].ToString()]["content"].ToString(), StringComparison.Ordinal);
        Assert.Equal(zone.Service("oathkeeper")["environment"]["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"].ToString(), $"file://{reference["target"]}");
    }

    [Fact]
    public void Every_configuration_file_stands_beside_the_compose_file_as_it_is_in_the_repository_but_for_who_is_called_over_TLS()
    {
        var repository = Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", "ory-config");
        string[] services = ["kratos", "keto", "hydra"];
        foreach (var source in services.SelectMany(service => Directory.EnumerateFiles(Path.Combine(repository, service))))
        {
            var published = Path.Combine(zone.Folder, "config", Path.GetFileName(Path.GetDirectoryName(source)!), Path.GetFileName(source));

            Assert.Equal(OverTls(File.ReadAllText(source)), File.ReadAllText(published));
        }

        Assert.StartsWith(
            OverTls(File.ReadAllText(Path.Combine(repository, "oathkeeper", "access-rules.yml"))),
            File.ReadAllText(Path.Combine(zone.Folder, "config", "oathkeeper", "access-rules.yml")),
            StringComparison.Ordinal);
        Assert.All(
            ((YamlMappingNode)zone.File["configs"]).Where(config => ((YamlMappingNode)config.Value).Children.ContainsKey("file")),
            config => Assert.True(File.Exists(Path.Combine(zone.Folder, config.Value["file"].ToString()))));
        Assert.DoesNotContain("/v1/traces", File.ReadAllText(Path.Combine(zone.Folder, "config", "oathkeeper", "access-rules.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_api_knows_the_gateway_alone_and_by_its_inner_name()
    {
        var environment = (YamlMappingNode)zone.Service("api")["environment"];

        Assert.Equal("https://oathkeeper:4455", environment["Gateway__Address"].ToString());
        Assert.Equal("${GATEWAY_ADDRESS:-https://localhost:4455}", environment["Gateway__Issuer"].ToString());
        Assert.DoesNotContain(environment, variable => PrivateName().IsMatch(variable.Value.ToString()));
        Assert.StartsWith("${API_IMAGE:?", zone.Service("api")["image"].ToString(), StringComparison.Ordinal);
        var volume = Assert.Single((YamlSequenceNode)zone.Service("api")["volumes"], volume => volume["target"].ToString() != CertificateFiles.Folder);
        Assert.StartsWith($"{volume["target"]}/", environment["Storage__Path"].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accounts", "${ACCOUNTS_CLIENT_KEY:?")]
    [InlineData("admin", null)]
    [InlineData("demo", "${DEMO_CLIENT_SECRET:?")]
    public void The_pages_know_the_gateway_alone_and_keep_nothing(string name, string? secret)
    {
        var service = zone.Service(name);
        var environment = (YamlMappingNode)service["environment"];

        Assert.Equal("https://oathkeeper:4455", environment["Gateway__Address"].ToString());
        Assert.Equal("${GATEWAY_ADDRESS:-https://localhost:4455}", environment["Gateway__PublicAddress"].ToString());
        Assert.DoesNotContain(environment, variable => PrivateName().IsMatch(variable.Value.ToString()));
        var secrets = environment.Select(variable => variable.Value.ToString()).Where(value => value.Contains(":?", StringComparison.Ordinal));
        Assert.Equal(secret, secrets.SingleOrDefault()?[..secret!.Length]);
        Assert.StartsWith($"${{{name.ToUpperInvariant()}_IMAGE:?", service["image"].ToString(), StringComparison.Ordinal);
        Assert.Equal([CertificateFiles.Folder], ((YamlSequenceNode)service["volumes"]).Select(volume => volume["target"].ToString()));
        Assert.Equal(name == "demo", service.Children.ContainsKey("ports"));
    }

    [Fact]
    public void The_operator_seeds_the_zone_through_the_gateway_alone_and_nobody_is_general_by_default()
    {
        var service = zone.Service("operator");
        var environment = (YamlMappingNode)service["environment"];

        Assert.Equal(["seed", "--wait", "--timeout", "10m"], Strings(service, "command"));
        Assert.Equal("https://oathkeeper:4455", environment["NOVAID_GATEWAY"].ToString());
        Assert.StartsWith("${OPERATOR_CLIENT_KEY:?", environment["NOVAID_OPERATOR_KEY"].ToString(), StringComparison.Ordinal);
        Assert.Equal("${GATEWAY_ADDRESS:-https://localhost:4455}", environment["NOVAID_PUBLIC_ADDRESS"].ToString());
        Assert.StartsWith("${FIRST_GENERAL:?", environment["NOVAID_GENERAL"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(environment, variable => PrivateName().IsMatch(variable.Value.ToString()));
        Assert.StartsWith("${OPERATOR_IMAGE:?", service["image"].ToString(), StringComparison.Ordinal);
        Assert.False(service.Children.ContainsKey("ports"));
        Assert.Equal([CertificateFiles.Folder], ((YamlSequenceNode)service["volumes"]).Select(volume => volume["target"].ToString()));
        var tuples = Assert.Single((YamlSequenceNode)service["configs"]);
        Assert.Equal($"{environment["NOVAID_CONFIGURATION"]}/keto/relation-tuples.json", tuples["target"].ToString());
        Assert.Equal("./config/keto/relation-tuples.json", zone.File["configs"][tuples["source"].ToString()]["file"].ToString());
    }

    [Theory]
    [InlineData("api", "API", "NOVAID_API_JWKS")]
    [InlineData("accounts", "ACCOUNTS", "NOVAID_ACCOUNTS_JWKS")]
    [InlineData("operator", "OPERATOR", "NOVAID_OPERATOR_JWKS")]
    public void A_private_key_is_its_programs_alone_and_hydra_is_told_the_public_half(string name, string variable, string registered)
    {
        var key = $"${{{variable}_CLIENT_KEY:?";
        var holders = zone.Services
            .Where(service => service.Service.Children.TryGetValue("environment", out var environment) && ((YamlMappingNode)environment).Any(held => held.Value.ToString().Contains(key, StringComparison.Ordinal)))
            .Select(service => service.Name);

        Assert.Equal([name], holders);
        Assert.StartsWith($"${{{variable}_CLIENT_PUBLIC_KEY:?", zone.Service("hydra-clients")["environment"][registered].ToString(), StringComparison.Ordinal);
        Assert.Matches(new Regex($"^{variable}_CLIENT_PUBLIC_KEY=$", RegexOptions.Multiline), zone.Variables);
    }

    [Fact]
    public async Task The_program_beside_it_makes_every_secret_and_both_halves_of_a_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a program of the shell.");
        var folder = Directory.CreateTempSubdirectory("novaid-secrets-");
        try
        {
            File.Copy(Path.Combine(zone.Folder, "secrets.sh"), Path.Combine(folder.FullName, "secrets.sh"));
            var file = Path.Combine(folder.FullName, ".env");
            var signingKey = SigningKey.Generate();
            await File.WriteAllTextAsync(file, zone.Variables.Replace("SIGNING_KEY=\n", $"SIGNING_KEY={signingKey}\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);

            var (code, output) = await Docker.CommandAsync("sh", Path.Combine(folder.FullName, "secrets.sh"));
            Assert.True(code == 0, output);
            var made = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            var again = await Docker.CommandAsync("sh", Path.Combine(folder.FullName, "secrets.sh"));
            Assert.Equal(0, again.ExitCode);
            Assert.Equal(made, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

            var values = made.Split('\n').Where(line => !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal)).ToDictionary(line => line.Split('=')[0], line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Assert.Equal(signingKey, values["SIGNING_KEY"]);
            Assert.All(zone.Model.OfType<ParameterResource>().Where(parameter => parameter.Secret), parameter => Assert.NotEmpty(values[parameter.Name.ToUpperInvariant().Replace('-', '_')]));
            foreach (var client in (string[])["API", "ACCOUNTS", "OPERATOR"])
            {
                Assert.Equal(GeneratedClientKey.PublicSetOf(values[$"{client}_CLIENT_KEY"]).ToJsonString(), values[$"{client}_CLIENT_PUBLIC_KEY"]);
            }

            Assert.Equal(3, ((string[])["API", "ACCOUNTS", "OPERATOR"]).Select(client => values[$"{client}_CLIENT_KEY"]).Distinct().Count());
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_gateways_rules_find_the_programs_where_they_listen()
    {
        var rules = File.ReadAllText(Path.Combine(zone.Folder, "config", "oathkeeper", "access-rules.yml"));

        foreach (var name in (string[])["api", "accounts", "admin"])
        {
            Assert.Contains($"url: https://{name}:{zone.Service(name)["environment"]["HTTPS_PORTS"]}\n", rules, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_the_shell_is_to_replace_is_not_replaced_before()
    {
        var script = zone.Service("hydra-clients")["command"][1].ToString();

        // Aspire takes the blanks out of ${NAME:-…}.
        Assert.Equal(HydraBuilderExtensions.MakeClients, script.Replace("$$", "$", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"(?<!\$)\$(?!\$)", script);
    }

    [Fact]
    public void What_runs_once_is_not_started_again_and_everything_else_is()
    {
        var once = zone.Services.Where(service => service.Service["restart"].ToString() == "no").Select(service => service.Name).Order();

        Assert.Equal(["hydra-clients", "hydra-migrate", "keto-migrate", "kratos-migrate", "operator"], once);
        Assert.All(zone.Services.Where(service => !once.Contains(service.Name)), service => Assert.Equal("unless-stopped", service.Service["restart"].ToString()));
    }

    [Fact]
    public void There_is_no_dashboard_and_the_databases_are_kept()
    {
        Assert.DoesNotContain("dashboard", zone.Text, StringComparison.OrdinalIgnoreCase);
        var volume = Assert.Single((YamlSequenceNode)zone.Service("postgres")["volumes"], volume => volume["target"].ToString() != CertificateFiles.Folder);
        Assert.Equal("postgres", volume["source"].ToString());
        Assert.Equal(
            ["api", "postgres"],
            ((YamlMappingNode)zone.File["volumes"]).Select(declared => declared.Key.ToString()).Where(declared => !declared.StartsWith("authority", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain("no-sync", zone.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Publishing_again_changes_nothing_and_keeps_what_was_given()
    {
        Assert.Equal(zone.FirstText, zone.Text);
        Assert.Contains("COOKIES_SECURE=true", zone.Variables, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_names_a_path_of_the_machine_on_which_it_was_published()
    {
        var home = Path.GetFullPath(Path.Combine(Projects.NovaId_AppHost.ProjectPath, ".."));

        Assert.DoesNotContain(home, zone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(zone.Folder, zone.Text, StringComparison.Ordinal);
    }

    private static string OverTls(string text) => Called().Replace(text, "https://");

    private IResource Resource(string name) => zone.Model.Single(resource => resource.Name == name);

    private static string[] Strings(YamlMappingNode service, string key) =>
        service.Children.TryGetValue(key, out var values) ? [.. ((YamlSequenceNode)values).Select(value => value.ToString())] : [];

    [GeneratedRegex(@"(?<!\$)\$\{[^}]+\}")]
    private static partial Regex Variable();

    /// <summary>Keto has no TLS, and the gateway asks itself.</summary>
    [GeneratedRegex(@"\bhttp://(?=(kratos:443[34]|hydra:444[45]|api:8080|accounts:8081|admin:8082|mail:8025)\b)")]
    private static partial Regex Called();

    [GeneratedRegex(@"\b(kratos|keto|hydra|postgres|mail)\b")]
    private static partial Regex PrivateName();
}
