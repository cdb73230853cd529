using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace NovaId.Tests.Api;

/// <summary>The way of a request in <c>Server-Timing</c> (W3C, Server Timing): for whoever develops, and for nobody else.</summary>
public sealed partial class ServerTimingTests
{
    private const string Header = "Server-Timing";

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Test")]
    public async Task No_other_environment_tells_the_way(string environment)
    {
        await using var zone = await ApiZone.StartAsync(In(environment));
        var general = zone.Gateway.AddPerson("General");
        foreach (var path in (string[])["/api/me", "/api/logs", "/api/documents/0b6f0f4e-6f0c-4a53-9c0e-0a7d5b1f2c3d", "/api/nothing", "/api/public", "/health"])
        {
            using var response = await zone.GetAsync(path, general);
            Assert.False(response.Headers.Contains(Header), path);
        }
    }

    [Fact]
    public async Task An_app_sees_each_step_who_answered_what_and_how_long_it_took()
    {
        await using var zone = await ApiZone.StartAsync(In(Environments.Development));
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var token = zone.Gateway.AddAccessToken(sergeant.ToString(), "an-app");
        zone.Gateway.Delay = TimeSpan.FromMilliseconds(30);
        using var response = await zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/users", sergeant.ToString(), "an-app", token);

        await ApiZone.AssertStatusAsync(response, 200);
        var steps = Read(response);
        Assert.Equal(["id_token", "token", "identity", "rank", "permission", "scope", "work", "total"], steps.Select(step => step.Name));
        Assert.Equal(
            [("token", "hydra", "yes", "yes"), ("identity", "kratos", "yes", "yes"), ("rank", "keto", "Sergeant", null), ("permission", "keto", "yes", "yes"), ("scope", "hydra", "yes", "yes")],
            steps.Skip(1).Take(5).Select(step => (step.Name, step.By, step.Answer, step.Result)));
        Assert.Equal("Is this allowed: Capability:users.view#allow?", steps.Single(step => step.Name == "permission").Asked);
        Assert.All(steps.Where(step => step.Name is "token" or "identity" or "rank" or "permission"), step => Assert.True(step.Duration >= 25, $"{step.Name} took {step.Duration} ms"));
        var total = steps[^1].Duration;
        Assert.All(steps, step => Assert.InRange(step.At + step.Duration, 0, total + 0.02));
    }

    [Fact]
    public async Task The_step_that_refused_says_no()
    {
        await using var zone = await ApiZone.StartAsync(In(Environments.Development));
        var person = zone.Gateway.AddPerson("Private");
        var reader = zone.Gateway.AddAccessToken(person.ToString(), "an-app", "novaid.read");

        Assert.Equal(("permission", "keto"), await RefusedByAsync(zone.GetAsync("/api/logs", person), 403));
        Assert.Equal(("id_token", "api"), await RefusedByAsync(zone.SendAsync(HttpMethod.Get, "/api/me", "nonsense"), 401));
        Assert.Equal(
            ("token", "hydra"),
            await RefusedByAsync(zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/me", person.ToString(), "an-app", "unknown-token"), 401));
        Assert.Equal(
            ("scope", "hydra"),
            await RefusedByAsync(zone.SendWithAccessTokenAsync(HttpMethod.Post, "/api/documents", person.ToString(), "an-app", reader, """{"title":"a","content":"b"}"""), 403));
        Assert.Equal(
            ("requirement", "api"),
            await RefusedByAsync(zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/me/sessions", person.ToString(), "an-app", reader), 403));

        zone.Gateway.Intercept = http =>
        {
            http.Response.StatusCode = 500;
            return Task.FromResult(http.Request.Path.StartsWithSegments("/svc/keto"));
        };
        using var failed = await zone.GetAsync("/api/logs", person);
        await ApiZone.AssertStatusAsync(failed, 503);
        Assert.All(Read(failed).Where(step => step.By == "keto"), step => Assert.Equal("no answer", step.Answer));
    }

    [Fact]
    public async Task It_tells_nothing_secret_and_nothing_of_what_the_caller_may_not_see()
    {
        await using var zone = await ApiZone.StartAsync(In(Environments.Development));
        var owner = zone.Gateway.AddPerson();
        var document = await zone.AddDocumentAsync(owner);
        var stranger = zone.Gateway.AddPerson();
        var token = zone.Gateway.AddAccessToken(stranger.ToString(), "an-app");
        foreach (var path in (string[])["/api/documents", $"/api/documents/{document}", $"/api/documents/{Guid.NewGuid()}", "/api/me/permissions"])
        {
            using var response = await zone.SendWithAccessTokenAsync(HttpMethod.Get, path, stranger.ToString(), "an-app", token);
            var value = Assert.Single(response.Headers.GetValues(Header));
            foreach (var secret in (string[])[token, document.ToString(), owner.ToString(), stranger.ToString(), TestGateway.ClientSecret, zone.Gateway.Issuer])
            {
                Assert.DoesNotContain(secret, value, StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.Equal(await StepsAsync($"/api/documents/{document}"), await StepsAsync($"/api/documents/{Guid.NewGuid()}"));

        async Task<string> StepsAsync(string path)
        {
            using var response = await zone.GetAsync(path, stranger);
            return string.Join('\n', Read(response).Select(step => step with { At = 0, Duration = 0 }).OrderBy(step => step.Name, StringComparer.Ordinal));
        }
    }

    private static Action<WebApplicationBuilder> In(string environment) => builder => builder.Environment.EnvironmentName = environment;

    private static async Task<(string Name, string By)> RefusedByAsync(Task<HttpResponseMessage> answer, int status)
    {
        using var response = await answer;
        await ApiZone.AssertStatusAsync(response, status);
        var step = Assert.Single(Read(response), step => step.Result == "no");
        return (step.Name, step.By);
    }

    private static List<Step> Read(HttpResponseMessage response) => [.. Metric().Matches(Assert.Single(response.Headers.GetValues(Header))).Select(metric => new Step(
        metric.Groups["name"].Value,
        Text(metric, "desc"),
        metric.Groups["by"].Value,
        Text(metric, "answer"),
        metric.Groups["result"] is { Success: true } result ? result.Value : null,
        Number(metric, "at"),
        Number(metric, "dur")))];

    private static string Text(Match metric, string group) => metric.Groups[group].Value;

    private static double Number(Match metric, string group) =>
        metric.Groups[group] is { Success: true } number ? double.Parse(number.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""(?<name>[a-z_]+);dur=(?<dur>[0-9.]+)(;desc="(?<desc>[^"]*)";at=(?<at>[0-9.]+);by=(?<by>[a-z]+);answer="(?<answer>[^"]*)"(;result=(?<result>yes|no))?)?(, |$)""")]
    private static partial Regex Metric();

    private sealed record Step(string Name, string Asked, string By, string Answer, string? Result, double At, double Duration);
}
