using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NovaId.Accounts;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using NovaId.Operator;
using NovaId.Tests.Zones;
using ServiceOperator = NovaId.Contract.Drivers.Operator;

namespace NovaId.Tests.Operators;

/// <summary>The programs of the zone that have a client of their own prove themselves with a key in place of a secret.</summary>
public abstract class ServiceKeyContract(IZone zone) : ZoneContract(zone), IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-key-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Address => Zone.Gateway.GetLeftPart(UriPartial.Authority);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_operator_proves_itself_with_its_key()
    {
        var (client, person) = (await NewClientAsync(ServiceOperator.Scopes), await NewPersonAsync());
        var file = await KeyFileAsync();
        (string, string)[] known = [("NOVAID_GATEWAY", Address), ("NOVAID_OPERATOR_ID", client.Id)];

        var byOption = await OperatorRun.RunAsync(["sessions", person.Id, "--output", "json", "--key-file", file], known);
        var byVariable = await OperatorRun.RunAsync(["sessions", person.Id, "--output", "json"], [.. known, ("NOVAID_OPERATOR_KEY_FILE", file)]);
        var byValue = await OperatorRun.RunAsync(
            ["sessions", person.Id, "--output", "json"], [.. known, ("NOVAID_OPERATOR_KEY", _key.ExportPkcs8PrivateKeyPem().ReplaceLineEndings(" "))]);

        Assert.All([byOption, byVariable, byValue], run => Assert.Contains(person.Id, run.ToJson().ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_operator_says_the_zone_s_own_address_where_it_asks_at_another()
    {
        await using var between = await GatewayBetween.StartAsync(Zone.Gateway);
        var (client, person) = (await NewClientAsync(ServiceOperator.Scopes), await NewPersonAsync());
        (string, string)[] known =
        [
            ("NOVAID_GATEWAY", between.Address.GetLeftPart(UriPartial.Authority)), ("NOVAID_OPERATOR_ID", client.Id), ("NOVAID_OPERATOR_KEY_FILE", await KeyFileAsync()),
        ];

        var refused = await OperatorRun.RunAsync(["sessions", person.Id], known);
        var taken = await OperatorRun.RunAsync(["sessions", person.Id], [.. known, ("NOVAID_PUBLIC_ADDRESS", Address)]);

        Assert.Equal(4, refused.Code);
        Assert.Equal((0, ""), (taken.Code, taken.Errors));
    }

    [Fact]
    public async Task A_key_that_is_not_registered_is_refused_and_not_repeated()
    {
        var client = await NewClientAsync(ServiceOperator.Scopes);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = other.ExportPkcs8PrivateKeyPem();

        var run = await OperatorRun.RunAsync(
            ["sessions", "ada@example.org"], ("NOVAID_GATEWAY", Address), ("NOVAID_OPERATOR_ID", client.Id), ("NOVAID_OPERATOR_KEY", pem));

        Assert.Equal(4, run.Code);
        Assert.Contains(client.Id, run.Errors, StringComparison.Ordinal);
        Assert.All(pem.Split('\n')[1..^1], line => Assert.DoesNotContain(line, run.Output + run.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_gets_another_key_and_no_request_is_refused()
    {
        var (client, person) = (await NewClientAsync(ServiceOperator.Scopes), await NewPersonAsync());
        await ConfigureAsync(client);
        var (old, current, uses, isOver) = (_key.ExportPkcs8PrivateKeyPem(), _key.ExportPkcs8PrivateKeyPem(), 0, false);
        using var before = NewOperator(client, old);
        Assert.NotNull(await before.FindOrNullAsync(person.Id, Cancelled));
        // Somebody is at work all the time, with a new token each time.
        var working = Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    using var worker = NewOperator(client, Volatile.Read(ref current));
                    Assert.NotNull(await worker.FindOrNullAsync(person.Id, Cancelled));
                    Interlocked.Increment(ref uses);
                }
            },
            Cancelled);

        var begun = (await RotateAsync(client)).ToJson();
        var next = begun["privateKey"]!.GetValue<string>();
        Assert.Equal(2, begun["jwks"]!["keys"]!.AsArray().Count);
        Assert.Equal(begun["jwks"]!["keys"]![0]!.ToJsonString(), Assert.Single(begun["publicKey"]!["keys"]!.AsArray())!.ToJsonString());
        Assert.DoesNotContain("\"d\"", begun["jwks"]!.ToJsonString(), StringComparison.Ordinal);
        foreach (var pem in new[] { old, next })
        {
            using var either = NewOperator(client, pem);
            Assert.NotNull(await either.FindOrNullAsync(person.Id, Cancelled));
        }

        var twice = await RotateAsync(client);
        Assert.Equal(2, twice.Code);
        Assert.Contains("has 2 keys", twice.Errors, StringComparison.Ordinal);
        Volatile.Write(ref current, next);
        for (var seen = Volatile.Read(ref uses); Volatile.Read(ref uses) < seen + 2 && !working.IsCompleted;)
        {
            await Task.Delay(10, Cancelled);
        }

        var finished = (await RotateAsync(client, "--finish")).ToJson();
        Assert.True(finished["changed"]!.GetValue<bool>());
        Assert.Equal(begun["jwks"]!["keys"]![0]!.ToJsonString(), Assert.Single(finished["jwks"]!["keys"]!.AsArray())!.ToJsonString());
        Assert.False((await RotateAsync(client, "--finish")).ToJson()["changed"]!.GetValue<bool>());
        Volatile.Write(ref isOver, true);
        await working;
        // What the old key has opened stays open, and it opens nothing more.
        Assert.NotNull(await before.FindOrNullAsync(person.Id, Cancelled));
        using var late = NewOperator(client, old);
        var refused = await Assert.ThrowsAsync<OperatorException>(() => late.FindOrNullAsync(person.Id, Cancelled));
        Assert.Equal(OperatorFailure.NotAuthenticated, refused.Failure);
    }

    [Fact]
    public async Task A_key_that_was_not_wanted_is_taken_away_again()
    {
        var (client, person) = (await NewClientAsync(ServiceOperator.Scopes), await NewPersonAsync());
        await ConfigureAsync(client);
        var next = (await RotateAsync(client)).ToJson()["privateKey"]!.GetValue<string>();

        Assert.True((await RotateAsync(client, "--undo")).ToJson()["changed"]!.GetValue<bool>());

        using var still = NewOperator(client, _key.ExportPkcs8PrivateKeyPem());
        Assert.NotNull(await still.FindOrNullAsync(person.Id, Cancelled));
        using var gone = NewOperator(client, next);
        await Assert.ThrowsAsync<OperatorException>(() => gone.FindOrNullAsync(person.Id, Cancelled));
    }

    [Fact]
    public async Task The_operator_gives_itself_another_key()
    {
        var client = await NewClientAsync(ServiceOperator.Scopes);
        await ConfigureAsync(client);
        (string, string)[] known = [("NOVAID_GATEWAY", Address), ("NOVAID_OPERATOR_ID", client.Id), ("NOVAID_CONFIGURATION", _folder)];
        string[] rotate = ["rotate", client.Id, "--output", "json"];

        var next = (await OperatorRun.RunAsync(rotate, [.. known, ("NOVAID_OPERATOR_KEY_FILE", await KeyFileAsync())])).ToJson()["privateKey"]!.GetValue<string>();
        var finished = await OperatorRun.RunAsync([.. rotate, "--finish"], [.. known, ("NOVAID_OPERATOR_KEY", next)]);

        Assert.True(finished.ToJson()["changed"]!.GetValue<bool>());
        var late = await OperatorRun.RunAsync(rotate, [.. known, ("NOVAID_OPERATOR_KEY_FILE", await KeyFileAsync())]);
        Assert.Equal((4, ""), (late.Code, late.Output));
    }

    [Theory]
    [InlineData("--finish")]
    [InlineData("--undo")]
    public async Task A_client_with_a_secret_has_no_key_to_take_away(string option)
    {
        var run = await OperatorRun.OnAsync(Zone, "rotate", "demo", option);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("'demo' is registered with no key", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_proves_itself_with_its_key()
    {
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var client = await NewClientAsync(NovaId.Api.Gateway.ServiceTokenSource.Scopes);
        await using var api = await ApiUnderTest.StartAsync(
            Zone.Gateway, ServiceClient.WithKey(client.Id, _key.ExportPkcs8PrivateKeyPem()));
        using var direct = new ZoneClient(api.Address);
        var person = await NewPersonAsync("Sergeant");
        var marker = Guid.NewGuid().ToString();
        (await person.Caller.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync("/api/me")).Expect(200);
        var fromTheGateway = Assert.Single(Zone.Upstream!.Find(marker)).Headers["Authorization"];

        var reply = (await new Caller(direct, ("Authorization", fromTheGateway)).GetAsync("/api/me")).Expect(200);

        Assert.Equal(person.Id, reply["id"].GetString());
        Assert.Equal("Sergeant", reply["rank"].GetString());
    }

    [Theory]
    [InlineData(true, 303)]
    [InlineData(false, 503)]
    public async Task The_accounts_pages_prove_themselves_with_their_key(bool isRegistered, int status)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = await NewClientAsync("hydra.consent.get hydra.consent.accept hydra.consent.reject hydra.logout.get hydra.logout.accept hydra.logout.reject hydra.device.accept");
        await using var pages = AccountsApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Gateway:Address"] = Address,
                ["Gateway:ClientId"] = client.Id,
                ["Gateway:ClientKey"] = (isRegistered ? _key : other).ExportPkcs8PrivateKeyPem(),
            });
        });
        await pages.StartAsync(Cancelled);
        using var direct = new ZoneClient(new(pages.Urls.Single()));

        // Nobody is logged in, and Hydra knows of no such question: the page leads home, once it has been told so.
        (await new Caller(direct).GetAsync("/accounts/logout?logout_challenge=nothing")).Expect(status);
    }

    [Fact]
    public void The_accounts_pages_say_what_is_wrong_with_what_they_prove_themselves_with()
    {
        var failure = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => AccountsApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Gateway:Address"] = Address, ["Gateway:ClientKey"] = "a-key-of-a-test" });
        }));

        var message = Assert.Single(failure.Failures);
        Assert.StartsWith("Gateway:ClientKey is no private key in PEM. Make one with: openssl genpkey", message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-of-a-test", message, StringComparison.Ordinal);
    }

    /// <summary>A service client of the zone with the key of this test, registered as the operator's program says it.</summary>
    private async Task<OAuth2Client> NewClientAsync(string scopes) => await Operator.CreateClientAsync([await JwkAsync()], scope: scopes, audience: "novaid-gateway");

    private async Task<Dictionary<string, string>> JwkAsync()
    {
        var run = await OperatorRun.RunAsync(["public-key", "--key-file", await KeyFileAsync()]);
        Assert.True(run.Code == 0, run.Errors);
        var key = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("keys").EnumerateArray());
        var jwk = key.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!);
        Assert.DoesNotContain("d", jwk.Keys);
        return jwk;
    }

    private OperatorClient NewOperator(OAuth2Client client, string pem) => new(Zone.Gateway, OperatorAccount.WithKey(pem, client.Id));

    private Task<OperatorRun> RotateAsync(OAuth2Client client, params string[] options) =>
        OperatorRun.OnAsync(Zone, ["rotate", client.Id, "--configuration", _folder, "--output", "json", .. options]);

    /// <summary>A configuration in which the client is one of the zone's own.</summary>
    private async Task ConfigureAsync(OAuth2Client client)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keto"));
        Directory.CreateDirectory(Path.Combine(_folder, "hydra"));
        File.Copy(Path.Combine(Repository.Root, "ory-config", "keto", "relation-tuples.json"), Path.Combine(_folder, "keto", "relation-tuples.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "hydra", "clients.json"), JsonSerializer.Serialize(new[] { new { client_id = client.Id } }), Cancelled);
    }

    private async Task<string> KeyFileAsync()
    {
        var file = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(file, _key.ExportPkcs8PrivateKeyPem(), Cancelled);
        return file;
    }
}
