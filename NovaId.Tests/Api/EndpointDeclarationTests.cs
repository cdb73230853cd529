using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NovaId.Api.Authorization;
using NovaId.Api.Ranks;

namespace NovaId.Tests.Api;

public sealed class EndpointDeclarationTests
{
    private static readonly Delegate Handler = () => "hello";

    [Fact]
    public async Task An_endpoint_that_says_nothing_stops_the_start()
    {
        var message = await StartAsync(app => app.MapGet("/api/forgotten", Handler));

        Assert.Contains("GET /api/forgotten", message, StringComparison.Ordinal);
        Assert.Contains(".RequireCapability(", message, StringComparison.Ordinal);
        Assert.Contains(".AllowWithoutCaller(", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_of_any_method_that_says_nothing_stops_the_start() =>
        Assert.Contains("Any /forgotten", await StartAsync(app => app.Map("/forgotten", Handler)), StringComparison.Ordinal);

    [Fact]
    public async Task A_route_value_that_nothing_checks_stops_the_start() =>
        Assert.Contains(
            "'name'",
            await StartAsync(app => app.MapGet("/api/things/{name}", Handler).RequireCaller()),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_permission_on_a_value_that_the_route_does_not_have_stops_the_start() =>
        Assert.Contains(
            "'id'",
            await StartAsync(app => app.MapGet("/api/things/{key}", Handler).RequirePermission("Document", "view", "id").WithUuid("key")),
            StringComparison.Ordinal);

    [Fact]
    public async Task An_endpoint_that_is_open_and_closed_stops_the_start() =>
        Assert.Contains(
            "does without one",
            await StartAsync(app => app.MapGet("/api/things", Handler).RequireCaller().AllowWithoutCaller("why not")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("users.veiw")]
    [InlineData("Users.View")]
    public void A_capability_that_does_not_exist_cannot_be_required(string capability)
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();

        Assert.Throws<ArgumentException>(() => ((WebApplication)app).MapGet("/", Handler).RequireCapability(capability));
    }

    [Theory]
    [InlineData("Document", "read")]
    [InlineData("Documents", "view")]
    public void A_permit_that_does_not_exist_cannot_be_required(string @namespace, string permit)
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();

        Assert.Throws<ArgumentException>(() => ((WebApplication)app).MapGet("/{id}", Handler).RequirePermission(@namespace, permit, "id"));
    }

    [Fact]
    public async Task An_endpoint_says_in_one_line_what_it_needs()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var app = ApiZone.Create(gateway.Issuer, ":memory:");
        app.MapGet("/api/briefing", () => TypedResults.Ok()).RequireRank(Rank.Major);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var answers = new Dictionary<string, int>();
        foreach (var rank in (string[])["General", "Major", "Captain", ""])
        {
            var person = gateway.AddPerson(rank.Length > 0 ? rank : null);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/briefing");
            request.Headers.Authorization = new("Bearer", gateway.Sign(gateway.SessionClaims(person.ToString())));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            answers[rank] = (int)response.StatusCode;
            if (answers[rank] == 403)
            {
                Assert.Equal("rank Major", (string?)(await ApiZone.AssertStatusAsync(response, 403))!["required"]);
            }
        }

        Assert.Equal(new Dictionary<string, int> { ["General"] = 200, ["Major"] = 200, ["Captain"] = 403, [""] = 403 }, answers);
    }

    private static async Task<string> StartAsync(Action<WebApplication> map)
    {
        await using var app = ApiZone.Create("http://127.0.0.1:1", ":memory:");
        map(app);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        return failure.Message;
    }
}
