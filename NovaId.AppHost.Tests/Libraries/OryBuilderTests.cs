using System.Security.Cryptography;
using YamlDotNet.Serialization;

namespace NovaId.AppHost.Tests.Libraries;

public sealed class OryBuilderTests
{
    [Fact]
    public async Task The_shortest_form_has_generated_secrets_a_configuration_and_its_data_in_memory()
    {
        var builder = NewModel.Create();
        (OryServiceResource Service, string[] Secrets)[] services =
        [
            (builder.AddKratos("who", persistSecrets: false).Resource, ["DEFAULT", "COOKIE", "CIPHER", "PAGINATION"]),
            (builder.AddKeto("what", persistSecrets: false).Resource, ["PAGINATION"]),
            (builder.AddHydra("proof", persistSecrets: false).Resource, ["SYSTEM", "COOKIE", "PAGINATION"]),
        ];

        foreach (var (service, secrets) in services)
        {
            var environment = await EnvironmentOfAsync(service, builder);
            Assert.Equal("memory", environment["DSN"]);
            Assert.Equal(secrets.Select(secret => $"SECRETS_{secret}").Order(), environment.Keys.Where(key => key.StartsWith("SECRETS_", StringComparison.Ordinal)).Order());
            foreach (var secret in secrets)
            {
                var parameter = Assert.IsType<ParameterResource>(environment[$"SECRETS_{secret}"]);
                Assert.Equal($"{service.Name}-{secret.ToLowerInvariant()}-secret", parameter.Name);
                Assert.True(parameter.Secret);
                Assert.Matches("^[0-9A-Za-z]{32}$", await parameter.GetValueAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Theory]
    [InlineData("kratos")]
    [InlineData("keto")]
    [InlineData("hydra")]
    [InlineData("oathkeeper")]
    public async Task The_least_of_a_configuration_is_for_the_version_of_the_image(string program)
    {
        var builder = NewModel.Create();
        OryServiceResource service = program switch
        {
            "kratos" => builder.AddKratos(program, persistSecrets: false).Resource,
            "keto" => builder.AddKeto(program, persistSecrets: false).Resource,
            "hydra" => builder.AddHydra(program, persistSecrets: false).Resource,
            _ => builder.AddOathkeeper(program).Resource,
        };

        var image = service.Annotations.OfType<ContainerImageAnnotation>().Single();
        var file = (await FilesOfAsync(service, builder)).Single(file => file.Name == $"{program}.yml");
        var configuration = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(file.Contents!);

        Assert.Equal(("docker.io", $"oryd/{program}", "v26.2.0"), (image.Registry, image.Image, image.Tag));
        Assert.Equal(image.Tag, configuration["version"]);
    }

    [Fact]
    public async Task A_server_makes_a_database_and_a_role_for_each_service_and_no_password_stands_in_the_script()
    {
        var builder = NewModel.Create();
        var postgres = builder.AddPrivatePostgres("postgres", persistSecrets: false);
        builder.AddKratos("who-is", persistSecrets: false).WithDatabase(postgres);

        var script = (await FilesOfAsync(postgres.Resource, builder)).Single().Contents;
        var environment = await EnvironmentOfAsync(postgres.Resource, builder);

        Assert.Equal(
            """
            \getenv password WHO_IS_DATABASE_PASSWORD
            CREATE ROLE "who-is" LOGIN PASSWORD :'password';
            CREATE DATABASE "who-is" OWNER "who-is";
            REVOKE CONNECT ON DATABASE "who-is" FROM PUBLIC;

            """.ReplaceLineEndings("\n"),
            script);
        Assert.Equal("who-is-database-password", Assert.IsType<ParameterResource>(environment["WHO_IS_DATABASE_PASSWORD"]).Name);
    }

    [Fact]
    public void Without_a_private_network_a_migration_is_a_container_of_Aspires_own_that_the_service_waits_for()
    {
        var builder = NewModel.Create();
        var keto = builder.AddKeto("keto", persistSecrets: false).WithDatabase(builder.AddPrivatePostgres("postgres", persistSecrets: false));

        var wait = Assert.Single(keto.Resource.Annotations.OfType<WaitAnnotation>());

        Assert.Equal(WaitType.WaitForCompletion, wait.WaitType);
        Assert.Equal("keto-migrate", Assert.IsType<OryJobContainerResource>(wait.Resource).Name);
    }

    [Fact]
    public void A_configuration_folder_that_is_not_there_is_named_with_the_remedy()
    {
        var builder = NewModel.Create();
        var empty = Directory.CreateTempSubdirectory("novaid-empty-");
        try
        {
            Assert.Matches("^The folder .*nowhere does not exist, and 'kratos' reads its configuration there. Restore it", Refused(() => builder.AddKratos("kratos").WithConfiguration("nowhere")));
            Assert.Equal(
                $"The folder {empty.FullName} has no keto.yml, which 'keto' reads first. Put it there, or name another folder.",
                Refused(() => builder.AddKeto("keto").WithConfiguration(empty.FullName)));
            Assert.Matches("^The folder .*nowhere does not exist, and 'postgres' reads its scripts there.", Refused(() => builder.AddPrivatePostgres("postgres").WithScripts("nowhere")));
            Assert.Contains(".WithConfiguration(…) of 'hydra' first", Refused(() => builder.AddHydra("hydra").AddClients("clients", "clients.json")), StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }

    [Fact]
    public void What_is_no_key_of_a_client_is_said_and_not_repeated()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var given in (string[])["a-key-of-a-test", other.ExportPkcs8PrivateKeyPem(), ClientKey.Generate()[..^60]])
        {
            var builder = NewModel.Create();
            builder.Configuration["Parameters:app-key"] = given;

            var said = Refused(() => builder.AddClientKey("app-key", persist: false));

            Assert.StartsWith("Parameters:app-key is no EC private key of the curve P-256", said, StringComparison.Ordinal);
            Assert.Contains("openssl genpkey -algorithm EC", said, StringComparison.Ordinal);
            Assert.DoesNotContain(given, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_is_given_what_its_file_says_that_it_proves_itself_with()
    {
        var folder = Directory.CreateTempSubdirectory("novaid-clients-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "hydra.yml"), "version: v26.2.0\n");
            File.WriteAllText(Path.Combine(folder.FullName, "clients.json"), """
                [
                  { "client_id": "key", "token_endpoint_auth_method": "private_key_jwt" },
                  { "client_id": "own", "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [] } },
                  { "client_id": "secret" },
                  { "client_id": "public", "token_endpoint_auth_method": "none" }
                ]
                """);
            var builder = NewModel.Create();
            var hydra = builder.AddHydra("hydra", persistSecrets: false).WithConfiguration(folder.FullName);
            var key = builder.AddClientKey("app-key", persist: false);
            var secret = builder.AddGeneratedSecret("app-secret", persist: false);

            Assert.Contains("The client 'key' of", Refused(() => hydra.AddClients("clients", "clients.json", ("key", secret), ("secret", secret))), StringComparison.Ordinal);
            Assert.Contains("Give 'clients' one of .AddClientKey(…)", Refused(() => hydra.AddClients("clients", "clients.json", ("secret", secret))), StringComparison.Ordinal);
            Assert.Contains("The client 'secret' of", Refused(() => hydra.AddClients("clients", "clients.json", ("key", key), ("secret", key))), StringComparison.Ordinal);
            Assert.NotNull(hydra.AddClients("clients", "clients.json", ("key", key), ("secret", secret)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Nothing_is_built_on_nothing()
    {
        IDistributedApplicationBuilder nobody = null!;
        Action[] calls =
        [
            () => nobody.AddKratos("kratos"),
            () => nobody.AddKeto("keto"),
            () => nobody.AddHydra("hydra"),
            () => nobody.AddOathkeeper("oathkeeper"),
            () => nobody.AddPrivatePostgres("postgres"),
            () => ((IResourceBuilder<KratosResource>)null!).WithConfiguration("folder"),
            () => ((IResourceBuilder<KratosResource>)null!).WithDatabase(null!),
            () => ((IResourceBuilder<OathkeeperResource>)null!).WithFurtherRules("file"),
        ];

        Assert.All(calls, call => Assert.Throws<ArgumentNullException>(call));
    }

    private static string Refused(Action action) => Assert.Throws<DistributedApplicationException>(action).Message;

    private static DistributedApplicationExecutionContext ExecutionOf(IDistributedApplicationBuilder builder) => Model.ZoneModel.ExecutionOf(builder);

    private static async Task<Dictionary<string, object>> EnvironmentOfAsync(IResource resource, IDistributedApplicationBuilder builder)
    {
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(ExecutionOf(builder), resource, variables, TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return variables;
    }

    private static async Task<List<ContainerFile>> FilesOfAsync(IResource container, IDistributedApplicationBuilder builder)
    {
        var files = new List<ContainerFile>();
        foreach (var annotation in container.Annotations.OfType<ContainerFileSystemCallbackAnnotation>())
        {
            var context = new ContainerFileSystemCallbackContext { Services = ExecutionOf(builder).Services, Model = container };
            files.AddRange((await annotation.Callback(context, TestContext.Current.CancellationToken)).OfType<ContainerFile>());
        }

        return files;
    }
}
