using System.Text.Json.Nodes;

namespace NovaId.Contract.Gateway;

/// <summary>
/// What the operator sends and PostgreSQL cannot hold: the services say so as their own fault, and keep nothing. No zone holds more than the
/// real one.
/// </summary>
public abstract class StoredTextContract(IZone zone) : ZoneContract(zone)
{
    private const string Nul = "22021";
    private const string NulInJson = "22P05";
    private const string TooLong = "22001";

    private const string Identities = "/svc/kratos/admin/identities";
    private const string Clients = "/svc/hydra/admin/clients";
    private const string Tuples = "/svc/keto/admin/relation-tuples";

    /// <summary>The member of an identity, its value, and PostgreSQL's code for it.</summary>
    public static TheoryData<string, string, string> IdentityMembers { get; } = new()
    {
        { "traits", """{"email":"EMAIL","name":{"first":"a\u0000b","last":"c"}}""", NulInJson },
        { "metadata_public", """{"a":"\u0000"}""", NulInJson },
        { "metadata_admin", """{"a\u0000":1}""", NulInJson },
        { "external_id", "\"a\\u0000b\"", Nul },
        { "external_id", $"\"{new string('x', 65)}\"", TooLong },
    };

    /// <summary>The member of a client and its value.</summary>
    public static TheoryData<string, string, int> ClientMembers { get; } = new()
    {
        { "client_name", "\"a\\u0000b\"", 500 },
        { "client_id", "\"a\\u0000b\"", 500 },
        { "client_id", $"\"{new string('x', 256)}\"", 500 },
        { "owner", "\"a\\u0000b\"", 500 },
        { "scope", "\"a\\u0000b\"", 500 },
        { "contacts", "[\"a\\u0000b\"]", 500 },
        { "audience", "[\"a\\u0000b\"]", 500 },
        { "token_endpoint_auth_method", $"\"{new string('x', 26)}\"", 500 },
        { "logo_uri", "\"http://app.example/%zz\"", 400 },
        { "client_uri", "\"http://app.ex ample/\"", 400 },
        { "redirect_uris", "[\"http://app.example/%zz\"]", 400 },
        { "redirect_uris", "[\"http://app.example:port/\"]", 400 },
        { "logo_uri", "\"http://app.example/a b?c d\"", 201 },
        { "redirect_uris", "[\"http://app.example/a b\"]", 201 },
        { "metadata", """{"a":"\u0000"}""", 201 },
    };

    /// <summary>The member of a relation tuple, its value, PostgreSQL's code where the tuple is written, and where it is taken away.</summary>
    public static TheoryData<string, string, string?, string?> TupleMembers { get; } = new()
    {
        { "object", "\"a\\u0000b\"", Nul, Nul },
        { "subject_id", "\"a\\u0000b\"", Nul, Nul },
        { "relation", "\"a\\u0000b\"", Nul, Nul },
        { "relation", $"\"{new string('x', 65)}\"", TooLong, null },
        { "subject_set", """{"namespace":"Rank","object":"a\u0000b","relation":"members"}""", Nul, Nul },
        { "object", $"\"{new string('x', 5000)}\"", null, null },
    };

    /// <summary>A query with a NUL in it.</summary>
    public static TheoryData<string, string, int> Queries { get; } = new()
    {
        { "GET", $"{Identities}?credentials_identifier=a%00b", 500 },
        { "GET", $"{Clients}?client_name=a%00b", 500 },
        { "GET", $"{Clients}?owner=a%00b", 500 },
        { "GET", "/svc/hydra/admin/oauth2/auth/sessions/consent?subject=a%00b", 500 },
        { "DELETE", "/svc/hydra/admin/oauth2/auth/sessions/consent?subject=a%00b&all=true", 500 },
        { "DELETE", "/svc/hydra/admin/oauth2/auth/sessions/login?subject=a%00b", 500 },
        { "GET", "/svc/keto/relation-tuples?namespace=Document&relation=a%00b", 500 },
        { "GET", "/svc/keto/relation-tuples?namespace=Document&object=a%00b", 200 },
    };

    [Theory]
    [MemberData(nameof(IdentityMembers))]
    public async Task An_identity_that_cannot_be_held_is_not_made(string member, string value, string code)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var identity = new JsonObject
        {
            ["schema_id"] = "person",
            ["traits"] = new JsonObject { ["email"] = email, ["name"] = new JsonObject { ["first"] = "a", ["last"] = "b" } },
            [member] = JsonNode.Parse(value.Replace("EMAIL", email, StringComparison.Ordinal)),
        };
        var caller = await Operator.CallerAsync();

        var reply = (await caller.PostAsync(Identities, identity)).Expect(500);

        Assert.Contains($"(SQLSTATE {code})", reply["error"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty((await caller.GetAsync($"{Identities}?credentials_identifier={email}")).Expect(200).Json.EnumerateArray());
    }

    [Theory]
    [MemberData(nameof(IdentityMembers))]
    public async Task An_identity_is_not_changed_to_what_cannot_be_held(string member, string value, string code)
    {
        var person = await NewPersonAsync();
        var path = $"{Identities}/{person.Id}";
        var caller = await Operator.CallerAsync();
        var before = (await caller.GetAsync(path)).Expect(200);
        var email = before["traits"].GetProperty("email").GetString()!;
        var patch = new JsonArray(new JsonObject
        {
            ["op"] = "add",
            ["path"] = $"/{member}",
            ["value"] = JsonNode.Parse(value.Replace("EMAIL", email, StringComparison.Ordinal)),
        });

        var reply = (await caller.PatchAsync(path, patch)).Expect(500);

        Assert.Contains($"(SQLSTATE {code})", reply["error"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before["updated_at"].GetString(), (await caller.GetAsync(path)).Expect(200)["updated_at"].GetString());
    }

    [Theory]
    [MemberData(nameof(ClientMembers))]
    public async Task A_client_is_made_only_of_what_can_be_held(string member, string value, int status)
    {
        var id = $"contract-{Guid.NewGuid():N}";
        var client = new JsonObject { ["client_id"] = id, ["grant_types"] = new JsonArray("client_credentials"), [member] = JsonNode.Parse(value) };
        var caller = await Operator.CallerAsync();

        var reply = await caller.PostAsync(Clients, client);

        reply.Expect(status);
        if (status == 500)
        {
            Assert.Equal("""{"error":"error","error_description":"The error is unrecognizable"}""", reply.Body.TrimEnd());
        }

        (await caller.DeleteAsync($"{Clients}/{id}")).Expect(status == 201 ? 204 : 404);
    }

    [Theory]
    [MemberData(nameof(TupleMembers))]
    public async Task A_relation_tuple_is_written_only_if_it_can_be_held(string member, string value, string? code, string? codeOfDeletion)
    {
        var caller = await Operator.CallerAsync();
        var subject = Guid.NewGuid().ToString();
        var tuple = new JsonObject { ["namespace"] = "Document", ["object"] = subject, ["relation"] = "viewers", ["subject_id"] = subject };
        if (member == "subject_set")
        {
            tuple.Remove("subject_id");
        }

        tuple[member] = JsonNode.Parse(value);

        await ChangeAsync("insert", code);
        await ChangeAsync("delete", codeOfDeletion);
        Assert.Empty(
            (await caller.GetAsync($"/svc/keto/relation-tuples?namespace=Document&subject_id={subject}")).Expect(200)["relation_tuples"].EnumerateArray());

        async Task ChangeAsync(string action, string? refusal)
        {
            var patch = new JsonArray(new JsonObject { ["action"] = action, ["relation_tuple"] = tuple.DeepClone() });
            var reply = (await caller.PatchAsync(Tuples, patch)).Expect(refusal is null ? 204 : 500);
            if (refusal is not null)
            {
                Assert.Contains($"(SQLSTATE {refusal})", reply["error"].GetProperty("message").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_with_a_NUL_is_answered_as_the_database_takes_it(string method, string target, int status) =>
        (await (await Operator.CallerAsync()).SendAsync(HttpMethod.Parse(method), target)).Expect(status);
}
