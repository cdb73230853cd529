using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Contract.Attacks;

/// <summary>Attempts to be allowed more than one is: ranks, permissions, keys and documents that are not one's own.</summary>
public abstract class PrivilegeContract(IZone zone) : AttackContract(zone)
{
    private const string Rank = """[{"action":"insert","relation_tuple":{"namespace":"Rank","object":"General","relation":"members","subject_id":"SELF"}}]""";

    /// <summary>Members beside the traits that would say what one may do, or who one is.</summary>
    public static TheoryData<string, string> Claims { get; } = new()
    {
        { "metadata_admin", """{"rank":"General"}""" },
        { "metadata_public", """{"rank":"General"}""" },
        { "rank", "\"General\"" },
        { "role", "\"admin\"" },
        { "state", "\"inactive\"" },
        { "id", "\"00000000-0000-4000-8000-000000000001\"" },
        { "schema_id", "\"admin\"" },
        { "credentials", """{"password":{"config":{"hashed_password":"x"}}}""" },
        { "relation_tuples", """[{"namespace":"Rank","object":"General","relation":"members"}]""" },
    };

    /// <summary>Where a relation tuple could be written, if anybody listened.</summary>
    public static TheoryData<string, string> TupleRoutes { get; } = new()
    {
        { "PATCH", "/svc/keto/admin/relation-tuples" },
        { "PUT", "/svc/keto/admin/relation-tuples" },
        { "POST", "/svc/keto/relation-tuples/batch/check" },
        { "PUT", "/admin/relation-tuples" },
        { "PATCH", "/relation-tuples" },
        { "PUT", "/keto/admin/relation-tuples" },
        { "PATCH", "/api/../svc/keto/admin/relation-tuples" },
        { "PATCH", "/svc/kratos/../keto/admin/relation-tuples" },
        { "PATCH", "/.ory/kratos/public/../../../svc/keto/admin/relation-tuples" },
    };

    /// <summary>What the API would have to take over blindly.</summary>
    public static TheoryData<string, string, string> Assignments { get; } = new()
    {
        { "POST", "/api/documents", """{"title":"x","content":"x","createdAt":"2000-01-01T00:00:00Z"}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","updatedAt":"2000-01-01T00:00:00Z"}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","rank":"General"}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","OwnerId":"00000000-0000-4000-8000-000000000000"}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","sharing":{"minimumRank":"Private"}}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","__proto__":{"isAdmin":true}}""" },
        { "POST", "/api/documents", """{"$type":"System.Object","title":"x","content":"x"}""" },
        { "POST", "/api/documents", """{"title":"x","content":"x","title":"y"}""" },
        { "POST", "/api/documents", """{"Title":"x","Content":"x"}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":[],"id":"novaid-operator"}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":[],"ownerId":"00000000-0000-4000-8000-000000000000"}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":[],"clientSecret":"chosen-by-the-caller"}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":[],"grantTypes":["authorization_code"]}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read","hydra.clients.create"],"capabilities":[]}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read kratos.identities.list"],"capabilities":[]}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":["*"]}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":["USERS.VIEW"]}""" },
        { "POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":["users.view#granted"]}""" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Whoever_registers_with_a_claim_beside_the_traits_gets_nothing_by_it(string member, string value)
    {
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());
        var form = new JsonObject
        {
            ["method"] = "password",
            ["password"] = password,
            ["traits"] = new JsonObject { ["email"] = email },
            ["transient_payload"] = new JsonObject { [member] = JsonNode.Parse(value) },
            [member] = JsonNode.Parse(value),
        };

        var reply = (await Anonymous.PostAsync(await Kratos.BeginAsync("registration"), form)).Expect(200);

        var id = Operator.Remember(reply["identity.id"].GetString()!);
        await UnchangedAsync(id, email);
        var caller = Anonymous.WithSessionToken(reply["session_token"].GetString()!);
        await RefusedByApiAsync(caller, "GET", "/api/users", 403, subject: id);
        (await Kratos.LoginAsync(email, password)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Whoever_changes_their_settings_with_a_claim_beside_the_traits_gets_nothing_by_it(string member, string value)
    {
        var person = await NewPersonAsync();
        var form = new JsonObject
        {
            ["method"] = "profile",
            ["traits"] = new JsonObject { ["email"] = person.Email },
            ["transient_payload"] = new JsonObject { [member] = JsonNode.Parse(value) },
            [member] = JsonNode.Parse(value),
        };

        Discreet(await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), form), person.Password);

        await UnchangedAsync(person.Id, person.Email);
        await RefusedByApiAsync(person.Caller, "GET", "/api/users", 403, subject: person.Id);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("email")]
    public async Task A_rank_hidden_deeper_in_the_traits_is_refused(string trait)
    {
        var person = await NewPersonAsync();
        var traits = new JsonObject { ["email"] = person.Email, ["name"] = new JsonObject { ["first"] = "Ada" } };
        traits[trait] = new JsonObject { ["first"] = "Ada", ["rank"] = "General" };
        var form = new JsonObject { ["method"] = "profile", ["traits"] = traits };

        (await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), form)).Expect(400);

        Assert.DoesNotContain("General", (await IdentityAsync(person.Id)).GetRawText(), StringComparison.Ordinal);
        await UnchangedAsync(person.Id, person.Email);
    }

    [Theory]
    [MemberData(nameof(TupleRoutes))]
    public async Task Nobody_writes_a_relation_tuple_of_their_own(string method, string target)
    {
        var person = await NewPersonAsync("Private");
        var tokens = await AuthorizeAsync(await Operator.CreateClientAsync(), person);
        foreach (var caller in new[] { Anonymous, person.Caller, Anonymous.WithBearer(tokens.Access) })
        {
            using var tuple = Json(Rank.Replace("SELF", person.Id, StringComparison.Ordinal));

            var reply = Discreet(await caller.SendAsync(HttpMethod.Parse(method), target, tuple));

            Assert.Contains(reply.Status, (int[])[401, 403, 404]);
            reply.ExpectByGateway(reply.Status);
        }

        Assert.Equal(["Private"], await Operator.RanksAsync(person.Id));
    }

    [Theory]
    [InlineData("""{"editors":[{"user":"Rank:General#members"}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[{"rank":"General#members"}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[{"user":"SELF","namespace":"Rank"}],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[{"client":"novaid-api"}],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[],"minimumRank":"members"}""")]
    [InlineData("""{"editors":[],"viewers":[],"minimumRank":null,"namespace":"Rank","object":"General"}""")]
    public async Task Nobody_writes_a_relation_tuple_by_sharing_a_document(string sharing)
    {
        var person = await NewPersonAsync();
        var document = await Operator.CreateDocumentAsync(person.Caller);
        using var json = Json(sharing.Replace("SELF", person.Id, StringComparison.Ordinal));

        await RefusedForItsContentAsync(person.Caller, "PUT", $"/api/documents/{document}/sharing", 400, json, person.Id);

        Assert.Equal(0, await TuplesAsync("Rank", person.Id));
        Assert.Equal(1, await TuplesAsync("Document", person.Id));
    }

    [Theory]
    [InlineData("upper case")]
    [InlineData("braces")]
    [InlineData("no hyphens")]
    [InlineData("a blank behind")]
    [InlineData("a client")]
    [InlineData("me")]
    public async Task A_colonel_who_spells_his_id_otherwise_does_not_promote_himself(string spelling)
    {
        var colonel = await NewPersonAsync("Colonel");
        var id = spelling switch
        {
            "upper case" => colonel.Id.ToUpperInvariant(),
            "braces" => $"%7B{colonel.Id}%7D",
            "no hyphens" => colonel.Id.Replace("-", "", StringComparison.Ordinal),
            "a blank behind" => $"{colonel.Id}%20",
            "a client" => $"client:{colonel.Id}",
            _ => spelling,
        };

        await RefusedByApiAsync(colonel.Caller, "PUT", $"/api/users/{id}/rank", 400, new { rank = "Major" }, colonel.Id);

        Assert.Equal(["Colonel"], await Operator.RanksAsync(colonel.Id));
    }

    [Theory]
    [InlineData("Major", "Major", "Colonel")]
    [InlineData("Major", "Colonel", null)]
    [InlineData("Colonel", "Captain", "General")]
    [InlineData("General", "General", null)]
    public async Task Nobody_raises_or_topples_an_equal_or_a_superior_and_the_attempt_is_written_down(string caller, string held, string? next)
    {
        var (attacker, victim) = (await NewPersonAsync(caller), await NewPersonAsync(held));

        await RefusedByApiAsync(attacker.Caller, "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = next }, attacker.Id);

        Assert.Equal([held], await Operator.RanksAsync(victim.Id));
    }

    [Fact]
    public async Task Nobody_promotes_themselves_through_an_app_of_theirs()
    {
        var colonel = await NewPersonAsync("Colonel");
        var tokens = await AuthorizeAsync(await Operator.CreateClientAsync(), colonel);

        await RefusedByApiAsync(
            Anonymous.WithBearer(tokens.Access), "PUT", $"/api/users/{colonel.Id}/rank", 403, new { rank = "General" }, colonel.Id);

        Assert.Equal(["Colonel"], await Operator.RanksAsync(colonel.Id));
    }

    [Fact]
    public async Task Nobody_promotes_themselves_or_others_through_a_key_of_theirs()
    {
        var (major, person) = (await NewPersonAsync("Major"), await NewPersonAsync("Private"));
        var key = await KeyAsync(major, "ranks.assign");

        await RefusedByApiAsync(key.Caller, "PUT", $"/api/users/{major.Id}/rank", 403, new { rank = "General" }, $"client:{key.Client.Id}");
        await RefusedByApiAsync(key.Caller, "PUT", $"/api/users/{person.Id}/rank", 403, new { rank = "General" }, $"client:{key.Client.Id}");

        Assert.Equal(["Major"], await Operator.RanksAsync(major.Id));
        Assert.Equal(["Private"], await Operator.RanksAsync(person.Id));
        await DeleteAsync(major, key.Client);
    }

    [Fact]
    public async Task Two_who_promote_each_other_at_once_both_stay_what_they_are()
    {
        var (one, other) = (await NewPersonAsync("Major"), await NewPersonAsync("Major"));

        var replies = await Task.WhenAll(
            one.Caller.PutAsync($"/api/users/{other.Id}/rank", new { rank = "General" }),
            other.Caller.PutAsync($"/api/users/{one.Id}/rank", new { rank = "General" }));

        replies.Expect(403);
        Assert.All(replies, reply => Discreet(reply).ExpectProblem(403));
        Assert.Equal(["Major"], await Operator.RanksAsync(one.Id));
        Assert.Equal(["Major"], await Operator.RanksAsync(other.Id));
    }

    [Fact]
    public async Task Many_promotions_at_once_leave_one_rank()
    {
        var (general, person) = (await SharedPersonAsync("General"), await NewPersonAsync());

        await Task.WhenAll(Ranks.All.Skip(1).Select(rank => general.Caller.PutAsync($"/api/users/{person.Id}/rank", new { rank })));

        Assert.Single(await Operator.RanksAsync(person.Id));
        foreach (var rank in await Operator.RanksAsync(person.Id))
        {
            await Operator.TakeRankAsync(person.Id, rank);
        }
    }

    [Fact]
    public async Task Whoever_lost_the_rank_gives_no_more_ranks()
    {
        var (major, person) = (await NewPersonAsync("Major"), await NewPersonAsync());
        await Operator.TakeRankAsync(major.Id, "Major");

        await RefusedByApiAsync(major.Caller, "PUT", $"/api/users/{person.Id}/rank", 403, new { rank = "Private" }, major.Id);

        Assert.Empty(await Operator.RanksAsync(person.Id));
    }

    [Theory]
    [InlineData("PATCH", "", """{"state":"inactive"}""")]
    [InlineData("DELETE", "/sessions", null)]
    [InlineData("PUT", "/rank", """{"rank":null}""")]
    public async Task A_private_does_nothing_to_a_general_and_the_attempt_is_written_down(string method, string route, string? content)
    {
        var (person, general) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        using var json = content is null ? null : Json(content);

        await RefusedByApiAsync(person.Caller, method, $"/api/users/{general.Id}{route}", 403, json, person.Id);

        (await general.Caller.GetAsync("/api/me")).Expect(200);
        Assert.Equal(["General"], await Operator.RanksAsync(general.Id));
    }

    [Theory]
    [InlineData("""{"state":"active","rank":"General"}""")]
    [InlineData("""{"state":"active","email":"evil@contract.test"}""")]
    [InlineData("""{"state":"active","id":"00000000-0000-4000-8000-000000000000"}""")]
    [InlineData("""{"state":"active","metadata_admin":{"rank":"General"}}""")]
    [InlineData("""[{"op":"replace","path":"/traits/email","value":"evil@contract.test"}]""")]
    public async Task More_than_the_state_of_a_person_is_not_changed(string content)
    {
        var (general, person) = (await SharedPersonAsync("General"), await NewPersonAsync());
        using var json = Json(content);

        await RefusedForItsContentAsync(general.Caller, "PATCH", $"/api/users/{person.Id}", 400, json, general.Id);

        await UnchangedAsync(person.Id, person.Email);
    }

    [Theory]
    [MemberData(nameof(Assignments))]
    public async Task A_member_that_only_the_API_may_set_is_refused(string method, string target, string content)
    {
        var general = await NewPersonAsync("General");
        using var json = Json(content);

        // What a key asks for is part of the question whether it may be made, so nothing was allowed yet.
        await (target == "/api/keys"
            ? RefusedByApiAsync(general.Caller, method, target, 400, json, general.Id)
            : RefusedForItsContentAsync(general.Caller, method, target, 400, json, general.Id));

        // A General may see documents that other cases share with every rank, so only what is their own counts; the newest come first.
        var documents = (await general.Caller.GetAsync("/api/documents?pageSize=100")).Expect(200)["items"].EnumerateArray();
        Assert.DoesNotContain(documents, document => document.GetProperty("ownerId").GetString() == general.Id);
        Assert.Empty(await general.Caller.ListAsync("/api/keys"));
    }

    [Theory]
    [InlineData("ownerId")]
    [InlineData("id")]
    [InlineData("createdAt")]
    public async Task An_editor_does_not_take_a_document_over(string member)
    {
        var (owner, editor) = (await NewPersonAsync(), await NewPersonAsync());
        var document = await Operator.CreateDocumentAsync(owner.Caller);
        await ShareAsync(owner, document, editors: [new { user = editor.Id }]);
        var content = new JsonObject { ["title"] = "Mine", ["content"] = "Mine", [member] = editor.Id };

        await RefusedForItsContentAsync(editor.Caller, "PUT", $"/api/documents/{document}", 400, content, editor.Id);

        var read = (await owner.Caller.GetAsync($"/api/documents/{document}")).Expect(200);
        Assert.Equal(owner.Id, read["ownerId"].GetString());
        Assert.Equal("Title", read["title"].GetString());
    }

    [Fact]
    public async Task An_editor_shares_a_document_with_nobody()
    {
        var (owner, editor, friend) = (await NewPersonAsync(), await NewPersonAsync(), await NewPersonAsync());
        var document = await Operator.CreateDocumentAsync(owner.Caller);
        await ShareAsync(owner, document, editors: [new { user = editor.Id }]);
        var sharing = new { editors = new[] { new { user = friend.Id } }, viewers = Array.Empty<object>(), minimumRank = "Private" };

        await RefusedByApiAsync(editor.Caller, "PUT", $"/api/documents/{document}/sharing", 403, sharing, editor.Id);

        await RefusedByApiAsync(friend.Caller, "GET", $"/api/documents/{document}", 403, subject: friend.Id);
    }

    [Theory]
    [InlineData("GET", "", null)]
    [InlineData("PUT", "", """{"title":"Mine","content":"Mine"}""")]
    [InlineData("DELETE", "", null)]
    [InlineData("PUT", "/sharing", """{"editors":[{"user":"SELF"}],"viewers":[],"minimumRank":null}""")]
    public async Task A_general_has_no_way_to_the_document_of_another_and_the_attempt_is_written_down(string method, string route, string? content)
    {
        var (owner, general) = (await NewPersonAsync(), await SharedPersonAsync("General"));
        var document = await Operator.CreateDocumentAsync(owner.Caller);
        using var json = content is null ? null : Json(content.Replace("SELF", general.Id, StringComparison.Ordinal));

        var refused = await RefusedByApiAsync(general.Caller, method, $"/api/documents/{document}{route}", 403, json, general.Id);

        Assert.DoesNotContain(owner.Id, refused.Body, StringComparison.Ordinal);
        Assert.Equal("Title", (await owner.Caller.GetAsync($"/api/documents/{document}")).Expect(200)["title"].GetString());
        Assert.Equal(0, await TuplesAsync("Document", general.Id));
    }

    [Fact]
    public async Task A_document_is_not_made_by_changing_one_that_does_not_exist()
    {
        var person = await NewPersonAsync();
        var document = Guid.NewGuid();

        await RefusedByApiAsync(person.Caller, "PUT", $"/api/documents/{document}", 403, new { title = "x", content = "x" }, person.Id);

        Assert.Empty(await person.Caller.ListAsync("/api/documents"));
    }

    [Theory]
    [InlineData("ownerId=OWNER")]
    [InlineData("owner=OWNER")]
    [InlineData("subject=OWNER")]
    [InlineData("all=true")]
    [InlineData("filter=%27%20OR%201%3D1%20--")]
    public async Task A_list_of_documents_is_not_widened_by_a_filter(string query)
    {
        var (owner, person) = (await NewPersonAsync(), await NewPersonAsync());
        await Operator.CreateDocumentAsync(owner.Caller);

        var reply = await person.Caller.GetAsync($"/api/documents?pageSize=100&{query.Replace("OWNER", owner.Id, StringComparison.Ordinal)}");

        Assert.DoesNotContain(owner.Id, Discreet(reply).Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_token_of_another_shows_nothing_of_theirs()
    {
        var (owner, person) = (await NewPersonAsync(), await NewPersonAsync());
        for (var count = 0; count < 3; count++)
        {
            await Operator.CreateDocumentAsync(owner.Caller);
        }

        var token = (await owner.Caller.GetAsync("/api/documents?pageSize=1")).Expect(200)["nextPageToken"].GetString()!;

        var reply = Discreet(await person.Caller.GetAsync($"/api/documents?pageToken={Uri.EscapeDataString(token)}"));
        Assert.Empty(reply.Expect(200)["items"].EnumerateArray());
    }

    [Theory]
    [InlineData("/api/documents")]
    [InlineData("/api/users")]
    [InlineData("/api/keys")]
    [InlineData("/api/logs")]
    [InlineData("/api/ranks/General/members")]
    public async Task A_forged_page_token_is_refused_by_every_list(string list)
    {
        var general = await SharedPersonAsync("General");
        var past = Convert.ToBase64String([.. "l"u8, 0x7F, .. Enumerable.Repeat((byte)0xFF, 7)]).TrimEnd('=');
        string[] forged =
        [
            "1", "-1", "9223372036854775807", "eyJvZmZzZXQiOjB9", "../../etc/passwd", "' OR 1=1 --", "00000000-0000-0000-0000-000000000000",
            Guid.NewGuid().ToString(), new string('A', 5000), "\0", "AAAAAAAAAAAAAAAA",
        ];
        foreach (var token in list == "/api/logs" ? forged : [.. forged, past])
        {
            var reply = Discreet(await general.Caller.GetAsync($"{list}?pageToken={Uri.EscapeDataString(token)}"));
            Assert.True(reply.Status == 400, $"{token}: {reply}");
        }
    }

    [Fact]
    public async Task The_page_token_of_one_list_is_none_of_another()
    {
        var general = await NewPersonAsync("General");
        await Operator.CreateDocumentAsync(general.Caller);
        await Operator.CreateDocumentAsync(general.Caller);
        string[] lists = ["/api/documents", "/api/logs", "/api/users"];
        foreach (var list in lists)
        {
            var token = (await general.Caller.GetAsync($"{list}?pageSize=1")).Expect(200)["nextPageToken"].GetString()!;
            foreach (var other in lists.Where(other => other != list))
            {
                Discreet(await general.Caller.GetAsync($"{other}?pageToken={Uri.EscapeDataString(token)}")).ExpectProblem(400);
            }
        }
    }

    [Fact]
    public async Task A_key_does_not_get_back_what_its_owner_did_not_hold_in_between()
    {
        var owner = await NewPersonAsync("Sergeant");
        var key = await KeyAsync(owner, "users.view");
        (await key.Caller.GetAsync("/api/users?pageSize=1")).Expect(200);

        await Operator.TakeRankAsync(owner.Id, "Sergeant");

        await RefusedByApiAsync(key.Caller, "GET", "/api/users", 403, subject: $"client:{key.Client.Id}");
        var again = await OAuth2.AccessTokenAsync(key.Client, "novaid.read");
        await RefusedByApiAsync(Anonymous.WithBearer(again), "GET", "/api/users", 403, subject: $"client:{key.Client.Id}");
        await DeleteAsync(owner, key.Client);
    }

    [Fact]
    public async Task A_key_whose_owner_was_deleted_is_worth_nothing()
    {
        var owner = await NewPersonAsync("Sergeant");
        var key = await KeyAsync(owner, "users.view");

        (await (await Operator.CallerAsync()).DeleteAsync($"/svc/kratos/admin/identities/{owner.Id}")).Expect(204);

        await RefusedByApiAsync(key.Caller, "GET", "/api/users", 401, subject: $"client:{key.Client.Id}");
        await RefusedByApiAsync(key.Caller, "GET", "/api/me", 401, subject: $"client:{key.Client.Id}");
        await Operator.DeleteClientAsync(key.Client.Id);
    }

    [Fact]
    public async Task A_key_with_more_than_its_owner_holds_is_not_made_and_the_attempt_is_written_down()
    {
        var person = await NewPersonAsync("Sergeant");
        var key = new { name = "x", scopes = new[] { "novaid.read" }, capabilities = new[] { "users.view", "logs.view" } };

        var refused = await RefusedByApiAsync(person.Caller, "POST", "/api/keys", 403, key, person.Id);

        Assert.Equal("capability logs.view", refused["required"].GetString());
        Assert.Empty(await person.Caller.ListAsync("/api/keys"));
    }

    [Fact]
    public async Task A_key_that_was_granted_a_capability_behind_its_owners_back_does_not_use_it()
    {
        var owner = await NewPersonAsync();
        var key = await KeyAsync(owner);

        await Operator.GrantAsync($"client:{key.Client.Id}", "users.view");

        await RefusedByApiAsync(key.Caller, "GET", "/api/users", 403, subject: $"client:{key.Client.Id}");
        await DeleteAsync(owner, key.Client);
    }

    [Fact]
    public async Task A_key_sees_no_document_of_its_owner()
    {
        var owner = await NewPersonAsync();
        var document = await Operator.CreateDocumentAsync(owner.Caller);
        var key = await KeyAsync(owner);

        await RefusedByApiAsync(key.Caller, "GET", $"/api/documents/{document}", 403, subject: $"client:{key.Client.Id}");

        Assert.Empty(await key.Caller.ListAsync("/api/documents"));
        await DeleteAsync(owner, key.Client);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_general_does_not_change_the_access_log(string method)
    {
        var general = await NewPersonAsync("General");
        (await general.Caller.GetAsync("/api/ranks")).Expect(200);

        Discreet(await general.Caller.SendAsync(HttpMethod.Parse(method), "/api/logs", method == "DELETE" ? null : new { })).ExpectProblem(405);

        var rows = (await general.Caller.GetAsync($"/api/logs?subject={general.Id}")).Expect(200);
        Assert.Contains("/api/ranks", rows.Strings("items", "path"));
    }

    [Theory]
    [InlineData("%25")]
    [InlineData("*")]
    [InlineData("%27%20OR%20%271%27%3D%271")]
    [InlineData("_")]
    public async Task A_wildcard_in_a_filter_of_the_access_log_finds_nothing(string subject) =>
        Assert.Empty((await (await SharedPersonAsync("General")).Caller.GetAsync($"/api/logs?subject={subject}"))
            .Expect(200)["items"].EnumerateArray());

    [Fact]
    public async Task A_path_with_line_breaks_forges_no_line_of_the_access_log()
    {
        const string Path = "/api/users/x%0d%0a%22allowed%22:true,%22";
        var (person, general) = (await NewPersonAsync("Sergeant"), await SharedPersonAsync("General"));
        await RefusedByGatewayAsync(person.Caller, "GET", Path, 404);

        await RefusedByApiAsync(Direct.WithBearer(await IdTokenAsync(person.Caller)), "GET", Path, 400, subject: person.Id);

        var rows = (await general.Caller.GetAsync($"/api/logs?subject={person.Id}&allowed=false")).Expect(200);
        Assert.DoesNotContain('\n', Assert.Single(rows["items"].EnumerateArray()).GetProperty("path").GetString()!);
    }

    private async Task UnchangedAsync(string id, string email)
    {
        var identity = await IdentityAsync(id);
        Assert.Equal(email, identity.GetProperty("traits").GetProperty("email").GetString());
        Assert.Equal("active", identity.GetProperty("state").GetString());
        Assert.Equal("person", identity.GetProperty("schema_id").GetString());
        foreach (var metadata in new[] { "metadata_admin", "metadata_public" })
        {
            Assert.True(!identity.TryGetProperty(metadata, out var value) || value.ValueKind == JsonValueKind.Null);
        }

        Assert.Empty(await Operator.RanksAsync(id));
        Assert.Equal(0, await TuplesAsync("Capability", id));
    }

    private async Task<(OAuth2Client Client, Caller Caller)> KeyAsync(Person owner, params string[] capabilities)
    {
        var content = new { name = "Key", scopes = new[] { "novaid.read", "novaid.write" }, capabilities };
        var made = (await owner.Caller.PostAsync("/api/keys", content)).Expect(201);
        var client = new OAuth2Client(made["id"].GetString()!, made["clientSecret"].GetString());
        return (client, Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read novaid.write")));
    }

    private static async Task DeleteAsync(Person owner, OAuth2Client key) =>
        (await owner.Caller.DeleteAsync($"/api/keys/{key.Id}")).Expect(204);

    private static async Task ShareAsync(Person owner, string document, object[] editors) =>
        (await owner.Caller.PutAsync(
            $"/api/documents/{document}/sharing", new { editors, viewers = Array.Empty<object>(), minimumRank = (string?)null })).Expect(200);

    private static StringContent Json(string content) => new(content, Encoding.UTF8, "application/json");
}
