using System.Text.Json.Nodes;

namespace NovaId.Tests.Api;

public sealed class DocumentationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_says_of_each_endpoint_what_it_requires()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/openapi.json", idToken: null);

        var document = await ApiZone.ReadAsync(response, 200);
        Assert.Equal("3.1", ((string)document["openapi"]!)[..3]);
        var operations = document["paths"]!.AsObject().SelectMany(path =>
            path.Value!.AsObject().Select(operation => (Name: $"{operation.Key} {path.Key}", Operation: operation.Value!))).ToList();
        Assert.Equal(42, operations.Count);
        foreach (var (name, operation) in operations)
        {
            if (name is "get /api/health" or "get /api/public")
            {
                Assert.Empty(operation["security"]!.AsArray());
                continue;
            }

            Assert.False(string.IsNullOrEmpty((string?)operation["x-novaid-requires"]), name);
            Assert.Equal(3, operation["security"]!.AsArray().Count);
            Assert.Contains("401", operation["responses"]!.AsObject().Select(one => one.Key));
            Assert.Contains("429", operation["responses"]!.AsObject().Select(one => one.Key));
        }

        Assert.Equal(
            "capability ranks.assign and a recent login, with a second factor where one is set up",
            (string?)document["paths"]!["/api/users/{id}/rank"]!["put"]!["x-novaid-requires"]);
        Assert.Equal(
            """["novaid.write"]""",
            document["paths"]!["/api/users/{id}/rank"]!["put"]!["security"]![2]!["oauth2"]!.ToJsonString());
        Assert.Equal(["oauth2", "sessionCookie", "sessionToken"], document["components"]!["securitySchemes"]!.AsObject().Select(one => one.Key).Order());
        Assert.DoesNotContain("/svc/", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_needs_nothing_from_anywhere_else()
    {
        await using var zone = await ApiZone.StartAsync();

        using var page = await zone.SendAsync(HttpMethod.Get, "/api/docs/", idToken: null);
        var html = await page.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(200, (int)page.StatusCode);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.Contains("api/openapi.json", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (var script in (string[])["scalar.js", "scalar.aspnetcore.js"])
        {
            Assert.Contains(script, html, StringComparison.Ordinal);
            using var asset = await zone.SendAsync(HttpMethod.Get, $"/api/docs/{script}", idToken: null);
            Assert.Equal("text/javascript", asset.Content.Headers.ContentType?.MediaType);
            Assert.True((await asset.Content.ReadAsByteArrayAsync(Cancelled)).Length > 100);
        }
    }

    [Fact]
    public async Task A_rank_in_the_document_is_one_of_eight_names()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/openapi.json", idToken: null);

        var schemas = (await ApiZone.ReadAsync(response, 200))["components"]!["schemas"]!.AsObject();
        var ranks = schemas.Select(schema => schema.Value!.AsObject()).Concat(schemas.SelectMany(schema => schema.Value!["properties"]?.AsObject()
            .Select(property => property.Value).OfType<JsonObject>() ?? [])).Where(schema => schema["enum"]?.ToJsonString().Contains("General", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(8, Assert.Single(ranks)["enum"]!.AsArray().Count);
        Assert.Equal("string", (string?)ranks[0]["type"]);
    }

    [Fact]
    public async Task A_program_learns_from_the_document_what_a_person_reads_in_it()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/openapi.json", idToken: null);

        var document = await ApiZone.ReadAsync(response, 200);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => operation.Value!.AsObject())).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => (string?)operation["operationId"]).OfType<string>().Distinct().Count());
        foreach (var operation in operations)
        {
            var responses = operation["responses"]!.AsObject();
            Assert.Contains("400", responses.Select(answer => answer.Key));
            Assert.Contains("500", responses.Select(answer => answer.Key));
            Assert.All(
                responses.Where(answer => answer.Key[0] is '4' or '5'),
                answer => Assert.Equal(
                    "#/components/schemas/Problem",
                    (string?)answer.Value!["content"]!["application/problem+json"]!["schema"]!["$ref"]));
            if (operation["requestBody"] is not null)
            {
                Assert.Contains("413", responses.Select(answer => answer.Key));
                Assert.Contains("415", responses.Select(answer => answer.Key));
            }
        }

        var schemas = document["components"]!["schemas"]!;
        Assert.Equal(["type", "title", "status", "traceId"], schemas["Problem"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("string", (string?)schemas["Problem"]!["properties"]!["detail"]!["type"]);
        Assert.Equal(["editors", "viewers"], schemas["Sharing"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Null(schemas["RankChange"]!["required"]);
        Assert.Equal(200, (int?)schemas["DocumentContent"]!["properties"]!["title"]!["maxLength"]);
        Assert.Equal(32_768, (int?)schemas["DocumentContent"]!["properties"]!["content"]!["maxLength"]);
        Assert.Equal(50, (int?)schemas["CheckRequest"]!["properties"]!["checks"]!["maxItems"]);
        Assert.Equal("#/components/schemas/Capability", (string?)schemas["ApiKeyRequest"]!["properties"]!["capabilities"]!["items"]!["$ref"]);
        Assert.False((bool?)schemas["DocumentContent"]!["additionalProperties"]);
        Assert.Null(schemas["Document"]!["additionalProperties"]);
        Assert.Contains("If-Match", document["paths"]!["/api/documents/{id}"]!["put"]!["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]));
        Assert.NotNull(document["paths"]!["/api/documents/{id}"]!["get"]!["responses"]!["304"]);
        Assert.NotNull(document["paths"]!["/api/users/{id}"]!["get"]!["responses"]!["404"]);
        Assert.Contains("client_secret_basic", (string?)document["paths"]!["/api/keys"]!["post"]!["description"], StringComparison.Ordinal);
    }
}
