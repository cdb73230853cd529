namespace NovaId.Contract.Permissions;

/// <summary>The capabilities: which rank has which, and that an endpoint asks for its own.</summary>
public abstract class CapabilityContract(IZone zone) : ZoneContract(zone)
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    /// <summary>Each capability at each rank, and without one.</summary>
    public static MatrixTheoryData<string, string> Pairs { get; } = new(Ranks.Capabilities.Keys, [.. Ranks.All, "none"]);

    /// <summary>An endpoint for each capability that one asks for, each rank and none.</summary>
    public static MatrixTheoryData<string, string> Endpoints { get; } = new(
        [
            "users.view GET /api/users?pageSize=1",
            "users.view GET /api/ranks/General/members?pageSize=1",
            "logs.view GET /api/logs?pageSize=1",
            "logs.view GET /api/logs/stats",
            $"users.edit DELETE /api/users/{Nobody}/sessions",
            $"ranks.assign PUT /api/users/{Nobody}/rank",
            $"users.deactivate PATCH /api/users/{Nobody}",
            $"keys.manage DELETE /api/keys/key-{Nobody}-0123456789abcdef",
        ],
        [.. Ranks.All, "none"]);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_capability_belongs_to_its_rank_and_every_higher_one(string capability, string holder)
    {
        var rank = holder == "none" ? null : holder;
        var person = await SharedPersonAsync(rank);

        Assert.Equal(Ranks.AtLeast(rank, Ranks.Capabilities[capability]), await AllowedAsync(person, capability));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_asks_for_its_capability(string endpoint, string holder)
    {
        var rank = holder == "none" ? null : holder;
        var person = await SharedPersonAsync(rank);
        var (capability, method, target) = endpoint.Split(' ') is [var one, var two, var three] ? (one, two, three) : default;
        object? content = method switch { "PUT" => new { rank = "Private" }, "PATCH" => new { state = "active" }, _ => null };

        var reply = await person.Caller.SendAsync(HttpMethod.Parse(method), target, content);

        if (Ranks.AtLeast(rank, Ranks.Capabilities[capability]))
        {
            // A question about nobody is answered with 404, once it is known that the caller may ask.
            reply.Expect(method == "GET" ? 200 : 404);
        }
        else
        {
            Assert.EndsWith($"capability {capability}", reply.ExpectProblem(403)["required"].GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("users.view")]
    [InlineData("keys.manage")]
    public async Task A_capability_can_be_granted_to_a_person_without_a_rank(string capability)
    {
        var person = await NewPersonAsync();
        Assert.False(await AllowedAsync(person, capability));

        await Operator.GrantAsync(person.Id, capability);

        Assert.True(await AllowedAsync(person, capability));
    }

    [Fact]
    public async Task A_granted_capability_brings_no_other()
    {
        var person = await NewPersonAsync();
        await Operator.GrantAsync(person.Id, "logs.view");

        Assert.False(await AllowedAsync(person, "users.view"));
        Assert.False(await AllowedAsync(person, "ranks.assign"));
    }

    private static async Task<bool> AllowedAsync(Person person, string capability)
    {
        var reply = await person.Caller.PostAsync(
            "/api/checks", new { checks = new[] { new { @namespace = "Capability", @object = capability, relation = "allow" } } });
        return Assert.Single(reply.Expect(200)["results"].EnumerateArray()).GetProperty("allowed").GetBoolean();
    }
}
