using System.Text.Json;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using NovaId.Operator;
using ServiceOperator = NovaId.Contract.Drivers.Operator;

namespace NovaId.Tests.Operators;

/// <summary>What the operator's program does to a whole zone, on one that nobody else uses: seeding, also when it is interrupted, and new
/// secrets.</summary>
public abstract class OperatorSeedContract(IZone zone) : ZoneContract(zone), IDisposable
{
    private const string Highest = "General";

    private readonly string _email = KratosFlows.NewEmail();
    private readonly string _clientId = $"contract-{Guid.NewGuid():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-seed-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_zone_is_seeded_once_and_the_first_general_gets_in_by_a_recovery()
    {
        await BeginAnewAsync();
        await using var missing = await WithoutAsync("logs.view");

        var first = (await JsonAsync("seed", "--general", _email)).ToJson();

        Assert.Equal(
            (true, 1, 0, _email),
            (first["changed"]!.GetValue<bool>(), first["tuplesAdded"]!.GetValue<int>(), first["tuplesRemoved"]!.GetValue<int>(), first["general"]!.GetValue<string>()));
        Assert.Equal(1, await Operator.TuplesAsync("Capability", "object=logs.view&relation=requires"));
        var second = (await JsonAsync("seed", "--general", KratosFlows.NewEmail())).ToJson();
        Assert.Equal(
            (false, 0, 0, null),
            (second["changed"]!.GetValue<bool>(), second["tuplesAdded"]!.GetValue<int>(), second["tuplesRemoved"]!.GetValue<int>(), second["general"]?.GetValue<string>()));

        // Nobody knows a password, not even an empty one.
        (await Kratos.LoginAsync(_email, "")).Expect(400);
        var general = Anonymous.WithSessionToken(await RecoverAsync(_email));
        var me = (await general.GetAsync("/api/me")).Expect(200);
        Assert.Equal((_email, Highest), (me["email"].GetString(), me["rank"].GetString()));
    }

    [Fact]
    public async Task The_operator_makes_a_code_for_the_first_general_too()
    {
        await BeginAnewAsync();
        Assert.Equal(0, (await RunAsync("seed", "--general", _email)).Code);

        var recovery = (await JsonAsync("recover", _email)).ToJson();

        var target = new Uri(recovery["link"]!.GetValue<string>()).PathAndQuery;
        Assert.Contains("flow=", target, StringComparison.Ordinal);
        Assert.Matches("^[0-9]{6}$", recovery["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Seeding_that_was_interrupted_anywhere_is_completed_by_the_next()
    {
        await using var between = await GatewayBetween.StartAsync(Zone.Gateway);
        await BeginAnewAsync();
        await using var before = await WithoutAsync("logs.view");
        Assert.Equal(0, (await RunAsync(between.Address, "seed", "--general", _email)).Code);
        var requests = between.Count;
        Assert.InRange(requests, 8, 12);

        for (var passed = 0; passed < requests; passed++)
        {
            await BeginAnewAsync();
            await using var missing = await WithoutAsync("logs.view");
            between.Restart();
            between.Passes = number => number <= passed;
            var interrupted = await RunAsync(between.Address, "seed", "--general", _email);
            Assert.True(interrupted.Code == 3, $"after {passed} requests: {interrupted}");
            Assert.Contains("503", interrupted.Errors, StringComparison.Ordinal);

            between.Passes = _ => true;
            var completed = await RunAsync(between.Address, "seed", "--general", _email, "--output", "json");

            Assert.Equal(_email, completed.ToJson()["general"]!.GetValue<string>());
            using var client = NewClient();
            var general = await client.FindAsync(_email, Cancelled);
            Assert.Equal([general.Id], await client.MembersAsync(Highest, Cancelled));
            Assert.Equal(1, await Operator.TuplesAsync("Capability", "object=logs.view&relation=requires"));
        }
    }

    [Fact]
    public async Task It_waits_for_a_zone_that_is_not_there_yet()
    {
        await using var between = await GatewayBetween.StartAsync(Zone.Gateway);
        await BeginAnewAsync();
        between.Passes = number => number > 3;

        var run = await RunAsync(between.Address, "seed", "--wait", "--general", _email);

        Assert.Equal(0, run.Code);
        Assert.Contains("Waiting. POST /oauth2/token: the gateway answered 503", run.Errors, StringComparison.Ordinal);
        // Once, however often it asks.
        Assert.Equal(1, run.Errors.Split("Waiting.").Length - 1);
    }

    [Fact]
    public async Task Whoever_registered_under_the_address_does_not_become_general()
    {
        await BeginAnewAsync();
        var person = await NewPersonAsync();

        var run = await RunAsync("seed", "--general", person.Email);

        Assert.Equal(1, run.Code);
        Assert.Contains($"{person.Email} is registered by somebody else", run.Errors, StringComparison.Ordinal);
        Assert.Empty(await Operator.RanksAsync(person.Id));
        Assert.Equal(0, (await RunAsync("rank", person.Email, Highest)).Code);
        Assert.Equal(0, (await RunAsync("seed")).Code);
    }

    [Fact]
    public async Task A_zone_without_a_general_is_not_said_to_be_seeded_if_nobody_is_named()
    {
        await BeginAnewAsync();

        var run = await RunAsync("seed");

        Assert.Equal(2, run.Code);
        Assert.Contains("There is no General, and nobody is named to become one", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_client_proves_itself_with_the_new_secret_alone()
    {
        var id = await ConfigureClientAsync();
        var first = await RotateAsync(id);
        var token = await OAuth2.AccessTokenAsync(new(id, first), "hydra.consent.get", "novaid-gateway");

        var second = await RotateAsync(id);

        Assert.NotEqual(first, second);
        (await OAuth2.ClientCredentialsAsync(new(id, first), "hydra.consent.get", "novaid-gateway")).Expect(401);
        await OAuth2.AccessTokenAsync(new(id, second), "hydra.consent.get", "novaid-gateway");
        Assert.False((await Operator.IntrospectAsync(token))["active"].GetBoolean());
        // It is what it was otherwise.
        (await OAuth2.ClientCredentialsAsync(new(id, second), "keto.check", "novaid-gateway")).Expect(400);
    }

    [Fact]
    public async Task A_rotation_that_ended_between_its_two_halves_is_completed_by_the_next()
    {
        var id = await ConfigureClientAsync();
        await RotateAsync(id);
        await Operator.DeleteClientAsync(id);

        var secret = await RotateAsync(id);

        await OAuth2.AccessTokenAsync(new(id, secret), "hydra.consent.get", "novaid-gateway");
    }

    [Fact]
    public async Task A_client_cannot_rotate_its_own_secret()
    {
        var own = new ServiceClient(await ConfigureClientAsync(ServiceOperator.Scopes), await RotateAsync(_clientId));

        var run = await OperatorRun.OnAsync(Zone.Gateway, own, "rotate", _clientId, "--configuration", _folder);

        Assert.Equal(2, run.Code);
        Assert.Contains($"'{_clientId}' cannot rotate its own secret", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(own.Secret, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_zone_has_a_key_to_rotate_and_no_secret()
    {
        Assert.NotNull((await JsonAsync("rotate", "novaid-accounts")).ToJson()["privateKey"]);

        Assert.True((await JsonAsync("rotate", "novaid-accounts", "--undo")).ToJson()["changed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_is_no_client_of_the_zone_is_not_rotated()
    {
        var run = await RunAsync("rotate", "somebody");

        Assert.Equal(2, run.Code);
        Assert.Contains("'somebody' is no client of hydra/clients.json. Choose from novaid-api, novaid-accounts, demo.", run.Errors, StringComparison.Ordinal);
    }

    private OperatorClient NewClient() => new(
        Zone.Gateway,
        Zone.Operator.Key is { } key ? OperatorAccount.WithKey(key, Zone.Operator.Id) : OperatorAccount.WithSecret(Zone.Operator.Secret, Zone.Operator.Id));

    private Task<OperatorRun> RunAsync(params string[] arguments) => OperatorRun.OnAsync(Zone, arguments);

    private Task<OperatorRun> RunAsync(Uri gateway, params string[] arguments) => OperatorRun.OnAsync(gateway, Zone, arguments);

    private Task<OperatorRun> JsonAsync(params string[] arguments) => OperatorRun.OnAsync(Zone, [.. arguments, "--output", "json"]);

    private async Task<string> RotateAsync(string id) =>
        (await JsonAsync("rotate", id, "--configuration", _folder)).ToJson()["clientSecret"]!.GetValue<string>();

    /// <summary>A configuration with a client that has a secret, as one that somebody adds to the zone may have; it is made by its first rotation.</summary>
    private async Task<string> ConfigureClientAsync(string scope = "hydra.consent.get")
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keto"));
        Directory.CreateDirectory(Path.Combine(_folder, "hydra"));
        File.Copy(Path.Combine(Repository.Root, "ory-config", "keto", "relation-tuples.json"), Path.Combine(_folder, "keto", "relation-tuples.json"));
        var client = new
        {
            client_id = _clientId,
            grant_types = (string[])["client_credentials"],
            response_types = Array.Empty<string>(),
            token_endpoint_auth_method = "client_secret_basic",
            scope,
            audience = (string[])["novaid-gateway"],
        };
        await File.WriteAllTextAsync(Path.Combine(_folder, "hydra", "clients.json"), JsonSerializer.Serialize(new[] { client }), Cancelled);
        return _clientId;
    }

    /// <summary>A zone without a General, and without an account at this case's address.</summary>
    private async Task BeginAnewAsync()
    {
        using var client = NewClient();
        foreach (var general in await client.MembersAsync(Highest, Cancelled))
        {
            await client.SetRankAsync(general, null, Cancelled);
        }

        if (await client.FindOrNullAsync(_email, Cancelled) is { } person)
        {
            await client.DeletePersonAsync(person.Id, Cancelled);
        }
    }

    /// <summary>Takes away what a capability requires; at the end it is there again, whoever brought it back.</summary>
    private async Task<IAsyncDisposable> WithoutAsync(string capability)
    {
        var tuple = Assert.Single(ZoneConfiguration.Default.Tuples, tuple => tuple.Object == capability);
        using var client = NewClient();
        await client.ChangeAsync([], [tuple], Cancelled);
        return new Restoration(NewClient(), tuple);
    }

    private async Task<string> RecoverAsync(string email)
    {
        var action = await Kratos.BeginAsync("recovery");
        (await Anonymous.PostAsync(action, new { method = "code", email })).Expect(200);
        var reply = (await Anonymous.PostAsync(action, new { method = "code", code = await Mail.CodeAsync(email, MailKind.Recovery) })).Expect(200);
        return reply["continue_with"].EnumerateArray().Single(item => item.GetProperty("action").GetString() == "set_ory_session_token").GetProperty("ory_session_token").GetString()!;
    }

    private sealed class Restoration(OperatorClient client, RelationTuple tuple) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            var present = await client.ListAsync(tuple.Namespace, tuple.Object, tuple.Relation, null, CancellationToken.None);
            await client.ChangeAsync([.. ((RelationTuple[])[tuple]).Except(present)], [], CancellationToken.None);
            client.Dispose();
        }
    }
}
