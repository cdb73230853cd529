using System.Net;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Keto;

public sealed class KetoHttpTests
{
    private const string Check = $"{KetoHost.Read}/relation-tuples/check";
    private const string BatchCheck = $"{KetoHost.Read}/relation-tuples/batch/check";
    private const string List = $"{KetoHost.Read}/relation-tuples";
    private const string Malformed = "The request was malformed or contained invalid parameters";

    [Theory]
    [InlineData("http://keto:4466")]
    [InlineData("http://keto:4467")]
    public async Task Both_ports_tell_health_and_version(string address)
    {
        await using var host = await KetoHost.StartAsync();

        foreach (var path in (string[])["/health/alive", "/health/ready"])
        {
            var (status, body) = await host.SendAsync(HttpMethod.Get, address + path);
            Assert.Equal((200, "ok"), (status, (string?)body!["status"]));
        }

        Assert.Equal("v26.2.0", (string?)(await host.SendAsync(HttpMethod.Get, address + "/version")).Body!["version"]);
    }

    [Fact]
    public async Task The_namespaces_are_those_of_the_OPL_file()
    {
        await using var host = await KetoHost.StartAsync();

        var (status, body) = await host.SendAsync(HttpMethod.Get, $"{KetoHost.Read}/namespaces");

        Assert.Equal(200, status);
        Assert.Equal(["User", "Rank", "Capability", "Document"], body!["namespaces"]!.AsArray().Select(ns => (string?)ns!["name"]));
    }

    [Theory]
    [InlineData("Rank:General#members@ann", true)]
    [InlineData("Rank:General#members@bob", false)]
    [InlineData("Rank:Private#atLeast@ann", true)]
    [InlineData("Rank:Private#atLeast@Rank:General#members", true)]
    [InlineData("Nowhere:x#y@ann", false)]
    [InlineData("Rank:Private#atLeast@Nowhere:x#y", false)]
    public async Task A_check_answers_in_the_status_and_the_openapi_check_in_the_body_alone(string question, bool allowed)
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:General#members@ann", "Rank:Private#higher@Rank:General#members");
        var (query, body) = (Tuples.Query(question), Tuples.Json(question).ToJsonString());

        (int Status, JsonNode? Body)[] mirrored =
        [
            await host.SendAsync(HttpMethod.Get, $"{Check}?{query}"),
            await host.SendAsync(HttpMethod.Post, Check, body),
        ];
        (int Status, JsonNode? Body)[] plain =
        [
            await host.SendAsync(HttpMethod.Get, $"{Check}/openapi?{query}"),
            await host.SendAsync(HttpMethod.Post, $"{Check}/openapi", body),
        ];

        Assert.All(mirrored, answer => Assert.Equal((allowed ? 200 : 403, allowed), (answer.Status, (bool)answer.Body!["allowed"]!)));
        Assert.All(plain, answer => Assert.Equal((200, allowed), (answer.Status, (bool)answer.Body!["allowed"]!)));
    }

    [Theory]
    [InlineData("", "subject is not allowed to be nil", null)]
    [InlineData("namespace=Rank&subject_id=a", "incomplete tuple, provide \"namespace\", \"object\", \"relation\", and a subject", null)]
    [InlineData("subject=a", Malformed, null)]
    [InlineData("subject_id=a&subject_set.object=b", "exactly one of subject_set or subject_id has to be provided", null)]
    [InlineData("subject_set.object=b", "incomplete subject, provide \"subject_id\" or a complete \"subject_set.*\"", null)]
    [InlineData("namespace=Rank&object=a&relation=none&subject_id=a", Malformed, "relation \"none\" does not exist")]
    [InlineData("Namespace=Rank&object=a&relation=members&subject_id=a", "incomplete tuple, provide \"namespace\", \"object\", \"relation\", and a subject", null)]
    [InlineData("max-depth=deep", "unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing \"deep\": invalid syntax", null)]
    public async Task A_check_that_makes_no_sense_is_refused_in_Ketos_words(string query, string message, string? reason)
    {
        await using var host = await KetoHost.StartAsync();

        AssertError(await host.SendAsync(HttpMethod.Get, $"{Check}?{query}"), 400, message, reason);
    }

    [Theory]
    [InlineData("", "could not unmarshal json: EOF")]
    [InlineData("{", "could not unmarshal json: ")]
    [InlineData("[]", "could not unmarshal json: ")]
    [InlineData("""{"namespace":1}""", "could not unmarshal json: ")]
    [InlineData("""{"namespace":"Rank"}""", "subject is not allowed to be nil")]
    public async Task A_body_that_is_no_tuple_is_refused(string body, string message)
    {
        await using var host = await KetoHost.StartAsync();

        var (status, answer) = await host.SendAsync(HttpMethod.Post, Check, body);

        Assert.Equal(400, status);
        Assert.StartsWith(message, (string?)answer!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_depth_of_a_request_can_only_lower_the_configured_one()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:Private#higher@Rank:Major#members", "Rank:Major#members@ann");
        var question = $"{Check}?{Tuples.Query("Rank:Private#atLeast@ann")}";

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, question)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, $"{question}&max-depth=1000")).Status);
        Assert.Equal(403, (await host.SendAsync(HttpMethod.Get, $"{question}&max-depth=1")).Status);
    }

    [Fact]
    public async Task A_batch_is_answered_in_its_order_and_a_bad_item_spoils_no_other()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:General#members@ann");
        var tuples = new JsonArray(
            Tuples.Json("Rank:General#members@ann"),
            Tuples.Json("Nowhere:General#members@ann"),
            Tuples.Json("Rank:General#nonsense@ann"),
            new JsonObject { ["namespace"] = "Rank" },
            Tuples.Json("Rank:Major#members@ann"),
            Tuples.Json("Rank:General#atLeast@ann"));

        var (status, body) = await host.SendAsync(HttpMethod.Post, BatchCheck, new JsonObject { ["tuples"] = tuples }.ToJsonString());

        Assert.Equal(200, status);
        const string Unknown = "The requested resource could not be found";
        Assert.Equal(
            [(true, null), (false, Unknown), (false, Malformed), (false, "subject is not allowed to be nil"), (false, null), (true, null)],
            body!["results"]!.AsArray().Select(result => ((bool)result!["allowed"]!, (string?)result["error"])));
        Assert.False(body["results"]![0]!.AsObject().ContainsKey("error"));
    }

    [Theory]
    [InlineData("""{"tuples":[null]}""")]
    [InlineData("""{"tuples":[{"namespace":"Rank","object":"General","relation":"members","subject_id":"ann"},null]}""")]
    public async Task A_batch_with_nothing_in_a_place_is_refused_where_real_Keto_would_end(string batch)
    {
        await using var host = await KetoHost.StartAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Post, BatchCheck, batch);

        Assert.Equal(400, status);
    }

    [Theory]
    [InlineData("""{"tuples":[]}""")]
    [InlineData("{}")]
    public async Task An_empty_batch_has_an_empty_answer(string batch)
    {
        await using var host = await KetoHost.StartAsync();

        var (status, body) = await host.SendAsync(HttpMethod.Post, BatchCheck, batch);

        Assert.Equal(200, status);
        Assert.Empty(body!["results"]!.AsArray());
    }

    [Fact]
    public async Task A_batch_holds_fifty_checks_and_no_more()
    {
        await using var host = await KetoHost.StartAsync();
        string Batch(int size) => new JsonObject
        {
            ["tuples"] = new JsonArray([.. Enumerable.Range(0, size).Select(i => Tuples.Json($"Rank:General#members@m{i}"))]),
        }.ToJsonString();

        var (status, body) = await host.SendAsync(HttpMethod.Post, BatchCheck, Batch(50));
        Assert.Equal((200, 50), (status, body!["results"]!.AsArray().Count));
        AssertError(await host.SendAsync(HttpMethod.Post, BatchCheck, Batch(51)), 400, "batch exceeds max size of 50", null);
    }

    [Fact]
    public async Task A_tuple_is_created_and_found_where_the_answer_says()
    {
        await using var host = await KetoHost.StartAsync();
        using var response = await host.Client.PutAsync(
            KetoHost.Write,
            new StringContent("""{"namespace":"Document","object":"a b&c","relation":"owners","subject_id":"ann"}"""),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/relation-tuples?namespace=Document&object=a+b%26c&relation=owners&subject_id=ann", response.Headers.Location?.OriginalString);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Document:a b&c#owners@ann", Tuples.Text(JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!));
        Assert.Equal(["Document:a b&c#owners@ann"], await host.ListAsync(response.Headers.Location!.OriginalString.Split('?')[1]));
    }

    [Theory]
    [InlineData("", 400, "EOF", null)]
    [InlineData("null", 400, "subject is not allowed to be nil", null)]
    [InlineData("""{"namespace":"Nowhere","object":"a","relation":"b","subject_id":"c"}""", 404, "The requested resource could not be found", "Unknown namespace with name \"Nowhere\".")]
    [InlineData("""{"namespace":"Rank","object":"a","relation":"b","subject_set":{"namespace":"Nowhere","object":"a","relation":"b"}}""", 404, "The requested resource could not be found", "Unknown namespace with name \"Nowhere\".")]
    public async Task A_tuple_that_cannot_be_is_not_created(string body, int status, string message, string? reason)
    {
        await using var host = await KetoHost.StartAsync();

        AssertError(await host.SendAsync(HttpMethod.Put, KetoHost.Write, body), status, message, reason);
        Assert.Empty(await host.ListAsync(""));
    }

    [Fact]
    public async Task A_relation_that_does_not_exist_is_stored_all_the_same_as_in_Keto()
    {
        await using var host = await KetoHost.StartAsync();

        Assert.Equal(201, (await host.SendAsync(HttpMethod.Put, KetoHost.Write, Tuples.Json("Rank:a#nonsense@ann").ToJsonString())).Status);
        Assert.Equal(400, (await host.SendAsync(HttpMethod.Get, $"{Check}?{Tuples.Query("Rank:a#nonsense@ann")}")).Status);
    }

    [Fact]
    public async Task What_is_put_twice_is_listed_twice_and_deleted_at_once()
    {
        await using var host = await KetoHost.StartAsync();
        var tuple = Tuples.Json("Rank:a#members@ann").ToJsonString();
        await host.SendAsync(HttpMethod.Put, KetoHost.Write, tuple);
        await host.SendAsync(HttpMethod.Put, KetoHost.Write, tuple);
        Assert.Equal(2, (await host.ListAsync("namespace=Rank")).Length);

        var (status, _) = await host.SendAsync(HttpMethod.Delete, $"{KetoHost.Write}?{Tuples.Query("Rank:a#members@ann")}");

        Assert.Equal(204, status);
        Assert.Empty(await host.ListAsync("namespace=Rank"));
    }

    [Fact]
    public async Task A_patch_is_done_whole_or_not_at_all()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:Major#members@ann");
        var move = Patch(("delete", "Rank:Major#members@ann"), ("insert", "Rank:Captain#members@ann"));
        var broken = Patch(("insert", "Rank:General#members@ann"), ("delete", "Nowhere:x#y@ann"));

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Patch, KetoHost.Write, move)).Status);
        Assert.Equal(["Rank:Captain#members@ann"], await host.ListAsync("namespace=Rank"));

        AssertError(
            await host.SendAsync(HttpMethod.Patch, KetoHost.Write, broken),
            404,
            "The requested resource could not be found",
            "Unknown namespace with name \"Nowhere\".");
        Assert.Equal(["Rank:Captain#members@ann"], await host.ListAsync("namespace=Rank"));
    }

    [Fact]
    public async Task A_patch_deletes_last_whatever_its_order()
    {
        await using var host = await KetoHost.StartAsync();

        var (status, _) = await host.SendAsync(
            HttpMethod.Patch, KetoHost.Write, Patch(("delete", "Rank:a#members@ann"), ("insert", "Rank:a#members@ann")));

        Assert.Equal(204, status);
        Assert.Empty(await host.ListAsync("namespace=Rank"));
    }

    [Theory]
    [InlineData("""[{}]""", "relation_tuple is missing")]
    [InlineData("""[{"action":"insert"}]""", "relation_tuple is missing")]
    [InlineData("""[null]""", "relation_tuple is missing")]
    [InlineData("""[{"action":"insert","relation_tuple":{"namespace":"Rank"}}]""", "subject is not allowed to be nil")]
    [InlineData("""[{"action":"upsert","relation_tuple":{"namespace":"Rank","subject_id":"a"}}]""", "unknown action upsert")]
    [InlineData("""[{"relation_tuple":{"namespace":"Rank","subject_id":"a"}}]""", "unknown action ")]
    public async Task A_patch_that_makes_no_sense_is_refused(string patch, string message)
    {
        await using var host = await KetoHost.StartAsync();

        AssertError(await host.SendAsync(HttpMethod.Patch, KetoHost.Write, patch), 400, message, null);
    }

    [Theory]
    [InlineData("", "query parameters must specify at least one of the following: namespace")]
    [InlineData("object=a", "query parameters must specify at least one of the following: namespace")]
    [InlineData("namespace=Rank&page_size=1", "query parameter key \"page_size\" unknown")]
    [InlineData("page_size=1", "query parameter key \"page_size\" unknown; query parameters must specify at least one of the following: namespace")]
    public async Task Deleting_needs_a_namespace_and_takes_nothing_unknown(string query, string reason)
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:a#members@ann");

        AssertError(await host.SendAsync(HttpMethod.Delete, $"{KetoHost.Write}?{query}"), 400, Malformed, reason);
        Assert.Single(await host.ListAsync("namespace=Rank"));
    }

    [Fact]
    public async Task Deleting_takes_no_body_and_no_unknown_namespace()
    {
        await using var host = await KetoHost.StartAsync();

        AssertError(await host.SendAsync(HttpMethod.Delete, $"{KetoHost.Write}?namespace=Rank", "x"), 400, Malformed, "body is not empty");
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, $"{KetoHost.Write}?namespace=Nowhere")).Status);
    }

    [Theory]
    [InlineData("namespace=Rank&subject_id=ann", 2)]
    [InlineData("namespace=Rank&object=a", 2)]
    [InlineData("subject_id=ann", 3)]
    [InlineData("subject_set.namespace=Rank&subject_set.object=b&subject_set.relation=members", 1)]
    [InlineData("object=nothing", 0)]
    public async Task A_list_is_filtered_by_all_that_the_query_names(string query, int count)
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:a#members@ann", "Rank:a#higher@Rank:b#members", "Rank:b#members@ann", "Document:d#owners@ann");

        Assert.Equal(count, (await host.ListAsync(query)).Length);
    }

    [Theory]
    [InlineData("namespace=Nowhere", 404, "The requested resource could not be found")]
    [InlineData("subject=x", 400, Malformed)]
    [InlineData("subject_set.object=b", 400, "incomplete subject, provide \"subject_id\" or a complete \"subject_set.*\"")]
    [InlineData("page_size=many", 400, "strconv.Atoi: parsing \"many\": invalid syntax")]
    public async Task A_list_that_makes_no_sense_is_refused(string query, int status, string message)
    {
        await using var host = await KetoHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Get, $"{List}?{query}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(message, (string?)answer.Body!["error"]!["message"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        await using var host = await KetoHost.StartAsync();
        string[] tuples = [.. Enumerable.Range(0, 7).Select(i => $"Rank:a#members@m{i}")];
        await host.InsertAsync(tuples);
        List<string> seen = [];
        var token = "";
        do
        {
            var (_, body) = await host.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_size=3&page_token={token}");
            seen.AddRange(body!["relation_tuples"]!.AsArray().Select(tuple => Tuples.Text(tuple!)));
            token = (string)body["next_page_token"]!;
        }
        while (token.Length > 0);

        Assert.Equal(tuples, seen);
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("&page_size=0", 100)]
    [InlineData("&page_size=-5", 100)]
    [InlineData("&page_size=499", 499)]
    [InlineData("&page_size=100000", 500)]
    public async Task A_page_has_a_hundred_tuples_unless_asked_and_never_more_than_five_hundred(string size, int count)
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync(Enumerable.Range(0, 510).Select(i => $"Rank:a#members@m{i}"));

        Assert.Equal(count, (await host.ListAsync($"namespace=Rank{size}")).Length);
    }

    [Fact]
    public async Task A_forged_page_token_is_refused()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:a#members@ann", "Rank:a#members@bob");
        var token = await NextTokenAsync(host, "namespace=Rank");
        var flipped = (token[5] == 'A' ? 'B' : 'A') is var other ? token[..5] + other + token[6..] : token;

        foreach (var forged in (string[])["x", "AAAA", flipped, token + "A", token[..^4], new string('A', token.Length)])
        {
            Assert.Equal(400, (await host.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={forged}")).Status);
        }

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={token}")).Status);
    }

    [Fact]
    public async Task A_page_token_of_another_secret_is_refused_and_of_a_former_one_taken()
    {
        await using var first = await KetoHost.StartAsync();
        await first.InsertAsync("Rank:a#members@ann", "Rank:a#members@bob");
        var token = await NextTokenAsync(first, "namespace=Rank");
        await using var other = KetoHost.Prepare();
        other.Environment["SECRETS_PAGINATION"] = "another-secret-altogether";
        await other.StartAsync();
        await using var rotated = KetoHost.Prepare();
        rotated.Environment["SECRETS_PAGINATION"] = "another-secret-altogether," + first.Environment["SECRETS_PAGINATION"];
        await rotated.StartAsync();

        Assert.Equal(400, (await other.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={token}")).Status);
        Assert.Equal(200, (await rotated.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={token}")).Status);
    }

    [Fact]
    public async Task A_page_token_lives_an_hour()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:a#members@ann", "Rank:a#members@bob");
        var token = await NextTokenAsync(host, "namespace=Rank");

        host.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={token}")).Status);
        host.Time.Advance(TimeSpan.FromMinutes(2));
        AssertError(await host.SendAsync(HttpMethod.Get, $"{List}?namespace=Rank&page_token={token}"), 400, Malformed, null);
    }

    [Fact]
    public async Task A_page_token_of_one_order_means_nothing_in_the_other()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:a#members@ann", "Rank:b#members@ann");
        var token = await NextTokenAsync(host, "namespace=Rank");

        AssertError(await host.SendAsync(HttpMethod.Get, $"{List}?subject_id=ann&page_token={token}"), 400, Malformed, "invalid pagination token");
    }

    [Theory]
    [InlineData("GET", "http://keto:4466/nowhere", 404)]
    [InlineData("GET", "http://keto:4466/Version", 404)]
    [InlineData("GET", "http://keto:4466/version/", 404)]
    [InlineData("GET", "http://keto:4466/relation-tuples%2Fcheck", 404)]
    [InlineData("GET", "http://keto:4466/admin/relation-tuples", 404)]
    [InlineData("PUT", "http://keto:4466/admin/relation-tuples", 404)]
    [InlineData("GET", "http://keto:4467/relation-tuples", 404)]
    [InlineData("PUT", "http://keto:4467/relation-tuples", 404)]
    [InlineData("DELETE", "http://keto:4466/relation-tuples", 405)]
    [InlineData("GET", "http://keto:4467/admin/relation-tuples", 405)]
    [InlineData("GET", "http://keto:4466/relation-tuples/batch/check", 405)]
    public async Task A_route_is_known_by_the_letter_and_on_its_own_port(string method, string address, int status)
    {
        await using var host = await KetoHost.StartAsync();

        Assert.Equal(status, (await host.SendAsync(new HttpMethod(method), address)).Status);
    }

    [Theory]
    [InlineData("http://keto:4466/relation-tuples/expand")]
    [InlineData("http://keto:4466/metrics/prometheus")]
    [InlineData("http://keto:4467/metrics/prometheus")]
    public async Task A_route_that_nothing_uses_is_told_by_name(string address)
    {
        await using var host = await KetoHost.StartAsync();
        using var response = await host.Client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(new Uri(address).AbsolutePath, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seeded_tuples_of_the_zone_can_be_written_in_one_patch()
    {
        await using var host = await KetoHost.StartAsync();
        var seed = JsonNode.Parse(KetoHost.SeedTuples)!.AsArray().Select(tuple => Tuples.Text(tuple!)).ToArray();

        await host.InsertAsync(seed);

        Assert.Equal(seed, await host.ListAsync("page_size=500"));
    }

    [Fact]
    public async Task Checks_and_patches_at_the_same_time_see_a_rank_before_or_after_but_never_none()
    {
        await using var host = await KetoHost.StartAsync();
        await host.InsertAsync("Rank:Major#members@ann");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await host.SendAsync(HttpMethod.Patch, KetoHost.Write, Patch(("delete", "Rank:Major#members@ann"), ("insert", "Rank:Captain#members@ann")));
                    await host.SendAsync(HttpMethod.Patch, KetoHost.Write, Patch(("delete", "Rank:Captain#members@ann"), ("insert", "Rank:Major#members@ann")));
                }
            },
            TestContext.Current.CancellationToken);
        var both = new JsonObject { ["tuples"] = new JsonArray(Tuples.Json("Rank:Major#members@ann"), Tuples.Json("Rank:Captain#members@ann")) }.ToJsonString();

        for (var i = 0; i < 300; i++)
        {
            var (_, body) = await host.SendAsync(HttpMethod.Post, BatchCheck, both);
            Assert.Single(body!["results"]!.AsArray(), result => (bool)result!["allowed"]!);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task The_syntax_of_an_OPL_file_is_checked_where_the_configuration_opens_that_port()
    {
        await using var host = KetoHost.Prepare();
        host.EditConfiguration("host: 127.0.0.1\n    port: 4469", "host: 0.0.0.0\n    port: 4469");
        await host.StartAsync();
        const string Address = "http://keto:4469/opl/syntax/check";

        Assert.Equal("{}", (await host.SendAsync(HttpMethod.Post, Address, File.ReadAllText(host.NamespacesFile))).Body!.ToJsonString());
        var (status, body) = await host.SendAsync(HttpMethod.Post, Address, "class User implements Namespace {\n  relatd: {}\n}");

        Assert.Equal(200, status);
        Assert.Equal(
            """{"errors":[{"message":"expected 'permits' or 'related', got \"relatd\"","start":{"Line":2,"column":2},"end":{"Line":2,"column":8}}]}""",
            body!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static async Task<string> NextTokenAsync(KetoHost host, string query)
    {
        var (_, body) = await host.SendAsync(HttpMethod.Get, $"{List}?{query}&page_size=1");
        return (string)body!["next_page_token"]! is { Length: > 0 } token ? token : throw new InvalidOperationException("There is no next page.");
    }

    private static string Patch(params ReadOnlySpan<(string Action, string Tuple)> changes)
    {
        var patch = new JsonArray();
        foreach (var (action, tuple) in changes)
        {
            patch.Add((JsonNode)new JsonObject { ["action"] = action, ["relation_tuple"] = Tuples.Json(tuple) });
        }

        return patch.ToJsonString();
    }

    private static void AssertError((int Status, JsonNode? Body) answer, int status, string message, string? reason)
    {
        var error = answer.Body!["error"]!.AsObject();
        Assert.Equal(
            (status, status, status == 404 ? "Not Found" : "Bad Request", message, reason),
            (answer.Status, (int)error["code"]!, (string?)error["status"], (string?)error["message"], (string?)error["reason"]));
    }
}
