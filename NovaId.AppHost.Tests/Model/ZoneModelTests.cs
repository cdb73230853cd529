using Aspire.Hosting.Testing;
using NovaId.AppHost.Mail;
using NovaId.AppHost.Operator;

namespace NovaId.AppHost.Tests.Model;

public sealed class ZoneModelTests
{
    private static readonly string[] Private = ["private"];
    private static readonly string[] Both = ["edge", "private"];

    [Fact]
    public async Task The_gateway_alone_stands_on_both_networks()
    {
        var builder = await ZoneModel.CreateAsync();
        var places = Started(builder).ToDictionary(container => container.Name, NetworksOf);

        Assert.Equal(Both, places["oathkeeper"]);
        Assert.All(places.Where(place => place.Key != "oathkeeper"), place => Assert.Equal(Private, place.Value));
    }

    [Fact]
    public async Task Nothing_but_the_gateway_publishes_a_port()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:GatewayPort=14455");

        var published = Started(builder).SelectMany(container => container.Annotations.OfType<EndpointAnnotation>(), (container, endpoint) => (container.Name, endpoint.Port, endpoint.TargetPort));
        Assert.Equal([("oathkeeper", 14455, 4455)], published);
        string[] publishing = ["-p", "--publish", "-P", "--publish-all", "--privileged"];
        foreach (var container in Started(builder).Where(container => container.Name != "oathkeeper"))
        {
            Assert.Empty((await EngineArgumentsOfAsync(container, builder)).Intersect(publishing));
        }

        // The gateway's own port once more, on the other loopback address, where this machine has one.
        var arguments = await EngineArgumentsOfAsync(Resource<ContainerResource>(builder, "oathkeeper"), builder);
        Assert.All(
            arguments.Index().Where(argument => publishing.Contains(argument.Item)),
            argument => Assert.Equal("[::1]:14455:4455", arguments[argument.Index + 1]));
    }

    [Theory]
    [InlineData("kratos", "docker.io", "oryd/kratos", "v26.2.0")]
    [InlineData("keto", "docker.io", "oryd/keto", "v26.2.0")]
    [InlineData("hydra", "docker.io", "oryd/hydra", "v26.2.0")]
    [InlineData("oathkeeper", "docker.io", "oryd/oathkeeper", "v26.2.0")]
    [InlineData("postgres", "docker.io", "library/postgres", "17")]
    public async Task Images_are_pinned(string resource, string registry, string image, string tag)
    {
        var builder = await ZoneModel.CreateAsync();
        var annotation = Resource<ContainerResource>(builder, resource).Annotations.OfType<ContainerImageAnnotation>().Last();

        Assert.Equal((registry, image, tag), (annotation.Registry, annotation.Image, annotation.Tag));
    }

    [Theory]
    [InlineData("kratos-migrate", "docker.io/oryd/kratos:v26.2.0")]
    [InlineData("keto-migrate", "docker.io/oryd/keto:v26.2.0")]
    [InlineData("hydra-migrate", "docker.io/oryd/hydra:v26.2.0")]
    [InlineData("hydra-clients", "docker.io/oryd/hydra:v26.2.0")]
    public async Task Images_of_jobs_are_their_services(string resource, string image)
    {
        var builder = await ZoneModel.CreateAsync();
        var job = Resource<OryJobResource>(builder, resource);

        Assert.Equal(image, job.Image);
        Assert.Contains(image, await ArgumentsOfAsync(job, builder));
    }

    [Fact]
    public async Task A_mirror_can_hold_all_images()
    {
        var builder = await ZoneModel.CreateAsync("--Images:Registry=mirror.example");

        Assert.All(Started(builder), container => Assert.StartsWith("mirror.example/", ImageOf(container), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Always", "always")]
    [InlineData("Missing", "missing")]
    [InlineData("Never", "never")]
    public async Task Images_of_jobs_are_pulled_when_all_others_are(string policy, string option)
    {
        var builder = await ZoneModel.CreateAsync($"--Images:PullPolicy={policy}");

        Assert.Equal(Enum.Parse<ImagePullPolicy>(policy), Resource<KratosResource>(builder, "kratos").Annotations.OfType<ContainerImagePullPolicyAnnotation>().Last().ImagePullPolicy);
        foreach (var job in builder.Resources.OfType<OryJobResource>())
        {
            var arguments = await ArgumentsOfAsync(job, builder);
            Assert.Equal(option, arguments[arguments.IndexOf("--pull") + 1]);
        }
    }

    [Theory]
    [InlineData("kratos", "kratos-migrate")]
    [InlineData("keto", "keto-migrate")]
    [InlineData("hydra", "hydra-migrate")]
    public async Task A_service_is_made_after_the_server_and_its_migration_after_that_and_both_wait_inside(string service, string migration)
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.Equal([("postgres", WaitType.WaitUntilStarted)], WaitsOf(Resource<ContainerResource>(builder, service)));
        Assert.Equal([(service, WaitType.WaitUntilStarted)], WaitsOf(Resource<OryJobResource>(builder, migration)));
        Assert.Equal("sh", Resource<ContainerResource>(builder, service).Entrypoint);
        var inside = string.Join('\n', await ArgumentsOfAsync(Resource<ContainerResource>(builder, service), builder));
        Assert.Matches($"(?s)nc -l .*exec .*\n{service}\nserve\n", inside);
        Assert.Matches($"(?s)nc -z .* postgres 5432 .*nc -z .* {service} ", string.Join('\n', await ArgumentsOfAsync(Resource<OryJobResource>(builder, migration), builder)));
    }

    [Fact]
    public async Task No_container_asks_outside_for_a_name()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:Kind=sealed");

        foreach (var container in Started(builder).Concat(builder.Resources.OfType<EdgeContainerResource>()))
        {
            var arguments = await EngineArgumentsOfAsync(container, builder);
            Assert.Equal("127.0.0.1", arguments[arguments.IndexOf(Assert.Single(arguments, argument => argument == "--dns")) + 1]);
            Assert.Equal(".", arguments[arguments.IndexOf(Assert.Single(arguments, argument => argument == "--dns-search")) + 1]);
        }
    }

    [Fact]
    public async Task The_server_waits_for_nothing_the_gateway_for_no_more_than_that_it_is_made_and_the_api_for_the_whole_topology()
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.Empty(WaitsOf(Resource<PostgresServerResource>(builder, "postgres")));
        Assert.Equal([("postgres", WaitType.WaitUntilStarted)], WaitsOf(Resource<OathkeeperResource>(builder, "oathkeeper")));
        Assert.Equal([("topology", WaitType.WaitUntilHealthy)], WaitsOf(Resource<ProjectResource>(builder, "api")));
        Assert.Equal(
            [
                ("configuration", WaitType.WaitForCompletion), ("hydra", WaitType.WaitUntilStarted), ("keto", WaitType.WaitUntilStarted),
                ("kratos", WaitType.WaitUntilStarted), ("oathkeeper", WaitType.WaitUntilHealthy),
            ],
            WaitsOf(Resource<TopologyResource>(builder, "topology")));
    }

    [Fact]
    public async Task Every_container_that_stays_is_asked_for_its_health_from_inside()
    {
        var builder = await ZoneModel.CreateAsync();
        string[] services = ["hydra", "keto", "kratos", "mail", "oathkeeper", "postgres"];

        Assert.Equal(services, Started(builder).Where(container => container.Annotations.OfType<HealthCommandAnnotation>().Any()).Select(container => container.Name).Order());
        foreach (var service in services)
        {
            Assert.Contains("--health-cmd", await EngineArgumentsOfAsync(Resource<ContainerResource>(builder, service), builder));
        }
    }

    [Fact]
    public async Task Every_container_that_stays_is_started_again_by_the_engine_when_it_ends()
    {
        var builder = await ZoneModel.CreateAsync();

        foreach (var service in (string[])["hydra", "keto", "kratos", "mail", "oathkeeper", "postgres"])
        {
            var arguments = await EngineArgumentsOfAsync(Resource<ContainerResource>(builder, service), builder);

            Assert.Equal("unless-stopped", arguments[arguments.IndexOf(Assert.Single(arguments, argument => argument == "--restart")) + 1]);
            // Otherwise its program would be the container's first process, which no signal ends that it does not handle.
            Assert.Single(arguments, argument => argument == "--init");
        }
    }

    [Fact]
    public async Task Every_configuration_file_of_a_service_is_in_its_container()
    {
        var builder = await ZoneModel.CreateAsync();
        var root = Path.GetFullPath("../ory-config", builder.AppHostDirectory);

        (string, string)[] folders = [("kratos", "kratos"), ("keto", "keto"), ("hydra", "hydra"), ("postgres", "postgres")];
        foreach (var (service, folder) in folders)
        {
            string[] files = [.. Directory.EnumerateFiles(Path.Combine(root, folder)).Select(file => Path.GetFileName(file)).Order()];
            var found = (await FilesOfAsync(Resource<ContainerResource>(builder, service), builder)).Select(file => file.Name);
            Assert.Equal(files, found.Except(["ca.crt", "tls.crt", "tls.key", "pg_hba.conf"]).Order());
        }
    }

    [Fact]
    public async Task The_job_that_makes_the_clients_is_told_what_their_file_says()
    {
        var builder = await ZoneModel.CreateAsync();
        var file = Path.GetFullPath("../ory-config/hydra/clients.json", builder.AppHostDirectory);

        Assert.Equal(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            (await EnvironmentOfAsync(Resource<OryJobResource>(builder, "hydra-clients"), builder))["CLIENTS"]);
    }

    [Theory]
    [InlineData("api", "Gateway__ClientKey", "NOVAID_API_JWKS")]
    [InlineData("accounts", "Gateway__ClientKey", "NOVAID_ACCOUNTS_JWKS")]
    [InlineData("operator", null, "NOVAID_OPERATOR_JWKS")]
    public async Task A_private_key_is_its_programs_alone_and_hydra_is_told_the_public_half(string name, string? variable, string registered)
    {
        var builder = await ZoneModel.CreateAsync();
        var key = builder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == $"{name}-client-key");
        var pem = (await key.GetValueAsync(TestContext.Current.CancellationToken))!;
        var holders = new List<(string, string)>();
        foreach (var resource in builder.Resources.Where(resource => resource.Annotations.OfType<EnvironmentCallbackAnnotation>().Any()))
        {
            var environment = await EnvironmentOfAsync(resource, builder);
            Assert.DoesNotContain(environment.Values.OfType<string>(), text => text.Contains(pem, StringComparison.Ordinal));
            holders.AddRange(environment.Where(held => held.Value is ParameterResource parameter && parameter == key).Select(held => (resource.Name, held.Key)));
        }

        Assert.Equal(variable is null ? [] : [(name, variable)], holders);
        Assert.DoesNotContain("\n", pem, StringComparison.Ordinal);
        Assert.Equal(
            GeneratedClientKey.PublicSetOf(pem).ToJsonString(),
            (await EnvironmentOfAsync(Resource<OryJobResource>(builder, "hydra-clients"), builder))[registered]);
    }

    [Fact]
    public async Task A_key_of_ones_own_is_taken()
    {
        using var own = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var builder = await ZoneModel.CreateAsync($"--Parameters:api-client-key={own.ExportPkcs8PrivateKeyPem()}");

        var told = (string)(await EnvironmentOfAsync(Resource<OryJobResource>(builder, "hydra-clients"), builder))["NOVAID_API_JWKS"];

        Assert.Contains(System.Buffers.Text.Base64Url.EncodeToString(own.ExportParameters(false).Q.X), told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_gets_the_rules_of_the_mail_catcher_and_without_a_dashboard_none_for_telemetry()
    {
        var builder = await ZoneModel.CreateAsync();
        var files = await FilesOfAsync(Resource<ContainerResource>(builder, "oathkeeper"), builder);
        var rules = files.Single(file => file.Name == "access-rules.yml").Contents!;

        Assert.Contains("- id: api\n", rules, StringComparison.Ordinal);
        Assert.Contains("- id: svc-mail-read", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("telemetry", rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_signing_key_is_a_file_that_the_gateway_alone_can_read()
    {
        var builder = await ZoneModel.CreateAsync();
        var key = (await FilesOfAsync(Resource<ContainerResource>(builder, "oathkeeper"), builder)).Single(file => file.Name == "id-token.jwks.json");

        Assert.Equal(UnixFileMode.UserRead, key.Mode);
        Assert.Equal(100, key.Owner);
        Assert.Contains("\"d\":", key.Contents, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_plain_text_in_an_environment_or_an_argument()
    {
        var builder = await ZoneModel.CreateAsync();
        var secrets = new List<string>();
        foreach (var parameter in builder.Resources.OfType<ParameterResource>())
        {
            Assert.True(parameter.Secret, parameter.Name);
            secrets.Add((await parameter.GetValueAsync(TestContext.Current.CancellationToken))!);
        }

        Assert.True(secrets.Count >= 15);
        Assert.Equal(secrets.Count, secrets.Distinct().Count());
        foreach (var container in Started(builder))
        {
            var environment = await EnvironmentOfAsync(container, builder);
            var plain = environment.Values.OfType<string>().Concat(await EngineArgumentsOfAsync(container, builder)).Concat(await ArgumentsOfAsync(container, builder));
            Assert.DoesNotContain(plain, text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Nobody_reports_to_the_vendor()
    {
        var builder = await ZoneModel.CreateAsync();

        foreach (var container in Started(builder).Where(container => ImageOf(container).Contains("/oryd/", StringComparison.Ordinal)))
        {
            Assert.Equal("true", (await EnvironmentOfAsync(container, builder))["SQA_OPT_OUT"]);
        }
    }

    [Fact]
    public async Task A_service_knows_its_own_database_password_and_no_other()
    {
        var builder = await ZoneModel.CreateAsync();

        foreach (var (service, resource) in from service in (string[])["kratos", "keto", "hydra"] from suffix in (string[])["", "-migrate"] select (service, service + suffix))
        {
            var environment = await EnvironmentOfAsync(Resource<IResource>(builder, resource), builder);
            var used = environment.Values.OfType<ReferenceExpression>().SelectMany(expression => expression.ValueProviders)
                .Concat(environment.Values).OfType<ParameterResource>().Select(parameter => parameter.Name).Where(name => name.EndsWith("-database-password", StringComparison.Ordinal));
            Assert.Equal([$"{service}-database-password"], used);
        }
    }

    [Fact]
    public async Task Two_runs_share_no_network_and_no_container_name()
    {
        var one = await ZoneModel.CreateAsync();
        var two = await ZoneModel.CreateAsync();

        Assert.Empty(Names(one).Intersect(Names(two)));

        static IEnumerable<string> Names(IDistributedApplicationTestingBuilder builder) =>
            builder.Resources.OfType<ContainerNetworkResource>().Select(network => network.EngineName)
                .Concat(Started(builder).Select(container => container.Annotations.OfType<ContainerNameAnnotation>().Last().Name));
    }

    [Fact]
    public async Task Data_is_kept_in_a_volume_unless_it_is_not_wanted()
    {
        var kept = await ZoneModel.CreateAsync("--Zone:KeepData=true", "--Zone:Name=mine", "--Parameters:postgres-password=x");
        var forgotten = await ZoneModel.CreateAsync();

        Assert.Equal("mine-postgres", Resource<PostgresServerResource>(kept, "postgres").Annotations.OfType<ContainerMountAnnotation>().Single().Source);
        Assert.Empty(Resource<PostgresServerResource>(forgotten, "postgres").Annotations.OfType<ContainerMountAnnotation>());
    }

    [Fact]
    public async Task Sealed_the_api_is_a_container_on_the_edge_network_alone()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:Kind=sealed");

        Assert.DoesNotContain(builder.Resources.OfType<ProjectResource>(), project => project.Name == "api");
        var api = Resource<EdgeContainerResource>(builder, "api");
        Assert.Equal(["edge"], NetworksOf(api));
        var arguments = await ArgumentsOfAsync(api, builder);
        Assert.Single(arguments, "--network");
        Assert.DoesNotContain("--publish", arguments);
        Assert.Contains("Gateway__ClientKey", arguments);
        Assert.DoesNotContain(arguments, argument => argument.Contains("Gateway__ClientKey=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("containers", "api,accounts,admin,demo")]
    [InlineData("sealed", "api,accounts,admin,demo")]
    [InlineData("emulator", "emulator")]
    public async Task Metrics_are_not_sent_every_second_for_nobody(string kind, string names)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:DemoPort=0");

        foreach (var name in names.Split(','))
        {
            Assert.Equal("5000", (await EnvironmentOfAsync(Resource<IResource>(builder, name), builder))["OTEL_METRIC_EXPORT_INTERVAL"]);
        }
    }

    [Fact]
    public async Task Sealed_every_program_stands_on_a_network_with_the_gateway_alone()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:Kind=sealed", "--Zone:DemoPort=14460");
        string[] edges = [.. builder.Resources.OfType<EdgeNetworkResource>().Select(network => network.Name).Order()];

        Assert.Equal(["edge", "edge-accounts", "edge-admin", "edge-demo"], edges);
        Assert.Equal([.. edges, "private"], NetworksOf(Resource<OathkeeperResource>(builder, "oathkeeper")));
        foreach (var edge in edges)
        {
            var others = builder.Resources.Where(resource => resource.Name != "oathkeeper" && NetworksOf(resource).Contains(edge));
            var program = Assert.IsType<EdgeContainerResource>(Assert.Single(others));
            Assert.Equal([edge], NetworksOf(program));
            Assert.Equal(
                program.Name == "demo" ? ["127.0.0.1:14460:4460"] : [],
                (await ArgumentsOfAsync(program, builder)).SkipWhile(argument => argument != "--publish").Skip(1).Take(1));
        }

        var gateway = await EngineArgumentsOfAsync(Resource<OathkeeperResource>(builder, "oathkeeper"), builder);
        Assert.All(
            builder.Resources.OfType<EdgeNetworkResource>(),
            network => Assert.Contains($"name={network.EngineName},alias=oathkeeper", gateway));
    }

    [Theory]
    [InlineData("containers", "http://localhost:14455")]
    [InlineData("sealed", "http://oathkeeper:4455")]
    public async Task The_pages_know_the_gateway_and_one_of_them_the_secret_of_its_own_client(string kind, string gateway)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:GatewayPort=14455", "--Zone:Address=https://id.example");
        var accounts = await EnvironmentOfAsync(Resource<IResource>(builder, "accounts"), builder);
        var admin = await EnvironmentOfAsync(Resource<IResource>(builder, "admin"), builder);

        foreach (var environment in (Dictionary<string, object>[])[accounts, admin])
        {
            Assert.Equal(gateway, environment["Gateway__Address"]);
            Assert.Equal("https://id.example", Assert.IsType<ReferenceExpression>(environment["Gateway__PublicAddress"]).ValueExpression);
            Assert.DoesNotContain("Storage__Path", environment.Keys);
        }

        Assert.Equal("accounts-client-key", Assert.IsType<ParameterResource>(accounts["Gateway__ClientKey"]).Name);
        Assert.DoesNotContain(admin.Values, value => value is ParameterResource);
    }

    [Fact]
    public async Task The_demo_is_told_where_it_is_and_so_is_its_client()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:DemoPort=14460");
        var demo = await EnvironmentOfAsync(Resource<ProjectResource>(builder, "demo"), builder);
        var clients = Assert.IsType<string>((await EnvironmentOfAsync(Resource<OryJobResource>(builder, "hydra-clients"), builder))["CLIENTS"]);

        Assert.Equal("http://127.0.0.1:14460", demo["Demo__Address"]);
        Assert.Equal("demo-client-secret", Assert.IsType<ParameterResource>(demo["Demo__ClientSecret"]).Name);
        Assert.Contains("\"http://127.0.0.1:14460/signin\"", clients, StringComparison.Ordinal);
        Assert.DoesNotContain(":4460", clients, StringComparison.Ordinal);
        // Nothing leads to it but its own address.
        Assert.DoesNotContain(Resource<ProjectResource>(builder, "demo").Annotations, annotation => annotation is ReachableFromAnnotation);
    }

    [Fact]
    public async Task The_pages_start_when_the_api_answers_so_that_it_does_not_wait_for_them()
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.All(
            (string[])["accounts", "admin", "demo"],
            pages => Assert.Equal([("api", WaitType.WaitUntilHealthy), ("topology", WaitType.WaitUntilHealthy)], WaitsOf(Resource<ProjectResource>(builder, pages))));
    }

    [Theory]
    [InlineData("containers", "accounts", "https://id.example/accounts/")]
    [InlineData("containers", "admin", "https://id.example/admin/")]
    [InlineData("sealed", "accounts", "https://id.example/accounts/")]
    [InlineData("sealed", "admin", "https://id.example/admin/")]
    [InlineData("emulator", "emulator", "https://id.example/accounts/")]
    [InlineData("emulator", "emulator", "https://id.example/admin/")]
    [InlineData("containers", "demo", "http://127.0.0.1:14460")]
    [InlineData("sealed", "demo", "http://127.0.0.1:14460")]
    [InlineData("emulator", "emulator", "http://127.0.0.1:14460")]
    public async Task The_dashboard_leads_to_the_pages_by_the_gateway_and_to_the_demo_by_its_own_address(string kind, string resource, string address)
    {
        var builder = await ZoneModel.CreateAsync($"--Zone:Kind={kind}", "--Zone:ApiPort=0", "--Zone:DemoPort=14460", "--Zone:Address=https://id.example");
        var pages = Resource<IResource>(builder, resource);
        var urls = new List<ResourceUrlAnnotation>(pages.Annotations.OfType<ResourceUrlAnnotation>());
        foreach (var annotation in pages.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await annotation.Callback(new ResourceUrlsCallbackContext(ZoneModel.ExecutionOf(builder), pages, urls, TestContext.Current.CancellationToken));
        }

        Assert.Contains(address, urls.Select(url => url.Url));
    }

    [Fact]
    public async Task The_emulator_takes_the_place_of_all_containers()
    {
        var builder = await ZoneModel.CreateAsync("--Zone:Kind=emulator");

        Assert.Empty(builder.Resources.OfType<ContainerResource>());
        Assert.Equal(["emulator"], builder.Resources.OfType<ProjectResource>().Select(project => project.Name));
    }

    [Theory]
    [InlineData("--Zone:Kind=vm", "Zone:Kind is 'vm'. Choose one of Containers, Sealed, Emulator")]
    [InlineData("--Zone:GatewayPort=http", "Zone:GatewayPort is 'http'. Write a port")]
    [InlineData("--Zone:Address=https://192.0.2.7", "Zone:Address: 'https://192.0.2.7' is an address of the network")]
    [InlineData("--Zone:GatewayPort=65536", "Zone:GatewayPort is '65536'. Write a port")]
    [InlineData("--Zone:KeepData=maybe", "Zone:KeepData is 'maybe'. Write true or false")]
    [InlineData("--Zone:Configuration=no-such-folder", "Zone:Configuration is 'no-such-folder', and there is no folder")]
    [InlineData("--Images:PullPolicy=Sometimes", "Images:PullPolicy is 'Sometimes'. Choose one of")]
    public void A_wrong_setting_is_named_with_its_remedy(string setting, string message)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        Microsoft.Extensions.Configuration.CommandLineConfigurationExtensions.AddCommandLine(configuration, [setting]);

        var exception = Assert.Throws<AppHost.Configuration.ZoneConfigurationException>(() => AppHost.Configuration.ZoneOptions.Read(configuration));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_and_the_services_offer_their_commands()
    {
        var builder = await ZoneModel.CreateAsync();

        Assert.Equal(["activate", "deactivate", "drill", "new-api-key", "revoke-sessions", "set-rank"], CommandsOf(Resource<OperatorResource>(builder, "operator")));
        Assert.Contains("rotate-signing-key", CommandsOf(Resource<OathkeeperResource>(builder, "oathkeeper")));
        Assert.All((string[])["kratos", "keto", "hydra"], service => Assert.Equal(["pause", "resume"], CommandsOf(Resource<ContainerResource>(builder, service)).Intersect(["pause", "resume"])));

        static IEnumerable<string> CommandsOf(IResource resource) => resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name).Order();
    }

    [Fact]
    public async Task The_mail_catcher_opens_no_port() =>
        Assert.Empty(Resource<MailpitResource>(await ZoneModel.CreateAsync(), "mail").Annotations.OfType<EndpointAnnotation>());

    private static T Resource<T>(IDistributedApplicationTestingBuilder builder, string name)
        where T : IResource => Assert.Single(builder.Resources.OfType<T>(), resource => resource.Name == name);

    /// <summary>The containers that start, jobs among them: all but the one that makes Aspire look for the network by name.</summary>
    private static IEnumerable<IResource> Started(IDistributedApplicationTestingBuilder builder) =>
        builder.Resources.Where(resource => (resource is ContainerResource or OryJobResource) && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any());

    private static string ImageOf(IResource container) => container switch
    {
        OryJobResource job => job.Image,
        _ => container.Annotations.OfType<ContainerImageAnnotation>().Last() is var image ? $"{image.Registry}/{image.Image}:{image.Tag}" : "",
    };

    private static string[] NetworksOf(IResource resource) =>
        [.. resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network.Name).Order()];

    private static IEnumerable<(string Name, WaitType Type)> WaitsOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => (wait.Resource.Name, wait.WaitType)).Distinct().OrderBy(wait => wait.Name, StringComparer.Ordinal);

    /// <summary>What the engine's client is told of a container. That of a job is the engine's client itself.</summary>
    private static async Task<List<string>> EngineArgumentsOfAsync(IResource container, IDistributedApplicationTestingBuilder builder)
    {
        if (container is ExecutableResource)
        {
            return await ArgumentsOfAsync(container, builder);
        }

        var arguments = new List<object>();
        foreach (var annotation in container.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await annotation.Callback(new ContainerRuntimeArgsCallbackContext(arguments, TestContext.Current.CancellationToken));
        }

        return [.. arguments.OfType<string>()];
    }

    private static async Task<List<string>> ArgumentsOfAsync(IResource resource, IDistributedApplicationTestingBuilder builder)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, TestContext.Current.CancellationToken)
        {
            ExecutionContext = ZoneModel.ExecutionOf(builder),
        };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return [.. arguments.OfType<string>()];
    }

    private static async Task<Dictionary<string, object>> EnvironmentOfAsync(IResource resource, IDistributedApplicationTestingBuilder builder)
    {
        var execution = ZoneModel.ExecutionOf(builder);
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(execution, resource, variables, TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return variables;
    }

    private static async Task<List<ContainerFile>> FilesOfAsync(ContainerResource container, IDistributedApplicationTestingBuilder builder)
    {
        var files = new List<ContainerFile>();
        foreach (var annotation in container.Annotations.OfType<ContainerFileSystemCallbackAnnotation>())
        {
            var context = new ContainerFileSystemCallbackContext { Services = ZoneModel.ExecutionOf(builder).Services, Model = container };
            files.AddRange((await annotation.Callback(context, TestContext.Current.CancellationToken)).OfType<ContainerFile>());
        }

        return files;
    }
}
