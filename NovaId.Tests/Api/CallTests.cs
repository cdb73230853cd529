using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Api.Documents;

namespace NovaId.Tests.Api;

public sealed class CallTests
{
    [Fact]
    public async Task Identity_rank_permission_and_token_are_asked_at_the_same_time_and_each_once()
    {
        await using var zone = await ApiZone.StartAsync();
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var token = zone.Gateway.AddAccessToken(sergeant.ToString(), "an-app");
        using (var warm = await zone.GetAsync("/api/me", sergeant))
        {
            await ApiZone.AssertStatusAsync(warm, 200);
        }

        zone.Gateway.ForgetCalls();
        zone.Gateway.Delay = TimeSpan.FromMilliseconds(400);
        using var response = await zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/ranks/Captain/access", sergeant.ToString(), "an-app", token);

        await ApiZone.AssertStatusAsync(response, 403);
        var calls = zone.Gateway.ServiceCalls;
        Assert.Equal(
            [
                $"GET /svc/keto/relation-tuples",
                $"GET /svc/kratos/admin/identities/{sergeant}",
                "POST /svc/hydra/admin/oauth2/introspect",
                "POST /svc/keto/relation-tuples/batch/check",
            ],
            calls.Select(call => $"{call.Method} {call.Path}").Order(StringComparer.Ordinal));
        Assert.True(calls.Max(call => call.Start) < calls.Min(call => call.End), "A call began only when another had ended.");
    }

    /// <summary>
    /// The last number: how often the person's identity is asked for besides the session. Once for the factors that they have set up, where
    /// assurance is required; once after something of theirs was made, as their account may have been deleted meanwhile.
    /// </summary>
    [Theory]
    [InlineData("GET", "/api/me", null, 0, 0)]
    [InlineData("GET", "/api/me/permissions", null, 1, 0)]
    [InlineData("GET", "/api/ranks", null, 0, 0)]
    [InlineData("GET", "/api/ranks/Major/access", null, 1, 0)]
    [InlineData("GET", "/api/ranks/Major/members", null, 1, 0)]
    [InlineData("GET", "/api/users", null, 1, 0)]
    [InlineData("GET", "/api/users/SELF", null, 1, 0)]
    [InlineData("GET", "/api/users/OTHER", null, 1, 0)]
    [InlineData("PUT", "/api/users/OTHER/rank", """{"rank":"Captain"}""", 2, 1)]
    [InlineData("PATCH", "/api/users/OTHER", """{"state":"inactive"}""", 2, 1)]
    [InlineData("DELETE", "/api/users/OTHER/sessions", null, 2, 1)]
    [InlineData("GET", "/api/documents", null, 0, 0)]
    [InlineData("POST", "/api/documents", """{"title":"a","content":"b"}""", 0, 1)]
    [InlineData("GET", "/api/keys", null, 0, 0)]
    [InlineData("GET", "/api/keys?owner=OTHER", null, 1, 0)]
    [InlineData("POST", "/api/keys", """{"name":"a","scopes":["novaid.read"],"capabilities":["users.view"]}""", 1, 2)]
    [InlineData("GET", "/api/logs", null, 1, 0)]
    [InlineData("GET", "/api/logs/stats", null, 1, 0)]
    [InlineData("POST", "/api/checks", """{"checks":[{"namespace":"Rank","object":"Major","relation":"atLeast"}]}""", 1, 0)]
    public async Task No_call_is_made_twice_for_one_request(string method, string path, string? body, int batches, int identities)
    {
        await using var zone = await ApiZone.StartAsync();
        var self = zone.Gateway.AddPerson("General");
        var other = zone.Gateway.AddPerson("Major");
        path = path.Replace("SELF", self.ToString(), StringComparison.Ordinal).Replace("OTHER", other.ToString(), StringComparison.Ordinal);

        using var response = await zone.SendAsync(new HttpMethod(method), path, self, body);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var calls = zone.Gateway.ServiceCalls.Select(call => call.ToString()).ToList();
        Assert.Equal(identities, calls.RemoveAll(call => call.StartsWith($"GET /svc/kratos/admin/identities/{self}", StringComparison.Ordinal)));
        Assert.Equal(calls.Distinct().Order(StringComparer.Ordinal), calls.Order(StringComparer.Ordinal));
        Assert.Single(calls, call => call.StartsWith("GET /svc/kratos/admin/sessions/", StringComparison.Ordinal));
        Assert.Equal(batches, zone.Gateway.Calls.Count(call => call.IsBatchCheck));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    [InlineData(100, 2)]
    [InlineData(120, 3)]
    public async Task A_list_of_n_documents_costs_one_batch_check_for_each_fifty(int count, int batches)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        await AddDocumentsAsync(zone, count);

        using var response = await zone.GetAsync("/api/documents?pageSize=100", person);

        var page = await ApiZone.ReadAsync(response, 200);
        Assert.Empty(page["items"]!.AsArray());
        Assert.Null(page["nextPageToken"]);
        var checks = zone.Gateway.Calls.Where(call => call.IsBatchCheck).ToList();
        Assert.Equal(batches, checks.Count);
        var sizes = checks.Select(call => JsonNode.Parse(call.Body)!["tuples"]!.AsArray().Count).ToList();
        Assert.Equal(count, sizes.Sum());
        Assert.All(sizes, size => Assert.InRange(size, 1, 50));
    }

    [Fact]
    public async Task The_first_documents_are_asked_about_along_with_the_caller()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        await AddDocumentsAsync(zone, 3);
        using (var warm = await zone.GetAsync("/api/me", person))
        {
            await ApiZone.AssertStatusAsync(warm, 200);
        }

        zone.Gateway.ForgetCalls();
        zone.Gateway.Delay = TimeSpan.FromMilliseconds(400);
        using var response = await zone.GetAsync("/api/documents", person);

        await ApiZone.AssertStatusAsync(response, 200);
        var calls = zone.Gateway.ServiceCalls;
        Assert.Equal(3, calls.Count);
        Assert.True(calls.Max(call => call.Start) < calls.Min(call => call.End), "A call began only when another had ended.");
    }

    [Fact]
    public async Task The_services_see_the_trace_of_the_request()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        using var response = await zone.SendAsync(
            HttpMethod.Get,
            "/api/users",
            zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString())),
            configure: request => request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));

        var problem = await ApiZone.AssertStatusAsync(response, 403);
        Assert.Equal(Trace, (string?)problem!["traceId"]);
        Assert.All(zone.Gateway.ServiceCalls, call => Assert.StartsWith($"00-{Trace}-", call.TraceParent, StringComparison.Ordinal));
        Assert.Equal(Trace, (await zone.LogAsync())[0].TraceId);
    }

    internal static async Task AddDocumentsAsync(ApiZone zone, int count)
    {
        var store = zone.Services.GetRequiredService<DocumentStore>();
        var now = DateTimeOffset.UtcNow;
        for (var number = 0; number < count; number++)
        {
            await store.InsertAsync(
                new Document(Guid.NewGuid(), $"Document {number}", "", Guid.Empty.ToString(), now, now),
                TestContext.Current.CancellationToken);
        }
    }
}
