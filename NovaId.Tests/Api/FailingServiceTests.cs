using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace NovaId.Tests.Api;

public sealed class FailingServiceTests
{
    private static readonly Dictionary<string, string> Routes = new()
    {
        ["Kratos"] = "/svc/kratos/admin",
        ["Keto"] = "/svc/keto/relation-tuples/batch/check",
        ["Keto's tuples"] = "/svc/keto/relation-tuples",
        ["Hydra"] = "/svc/hydra/admin/oauth2/introspect",
    };

    private static readonly Dictionary<string, Func<HttpContext, Task>> Failures = new()
    {
        ["aborts"] = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
        ["500"] = http => StatusAsync(http, 500),
        ["502"] = http => StatusAsync(http, 502),
        ["403"] = http => StatusAsync(http, 403),
        ["302"] = http =>
        {
            http.Response.Headers.Location = "/somewhere";
            return StatusAsync(http, 302);
        },
        ["slow"] = http => Task.Delay(TimeSpan.FromSeconds(8), http.RequestAborted),
        ["HTML"] = http => WriteAsync(http, "text/html", "<html>"),
        ["no content type"] = http => http.Response.Body.WriteAsync("{}"u8.ToArray()).AsTask(),
        ["broken JSON"] = http => WriteAsync(http, "application/json", "{"),
        ["null"] = http => WriteAsync(http, "application/json", "null"),
        ["another shape"] = http => WriteAsync(http, "application/json", """{"error":{"code":500}}"""),
        ["an array of nothing"] = http => WriteAsync(http, "application/json", "[null]"),
        ["an answer without end"] = async http =>
        {
            http.Response.ContentType = "application/json";
            var spaces = new byte[65536];
            Array.Fill(spaces, (byte)' ');
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(spaces, http.RequestAborted);
            }
        },
        ["an answer that stops"] = async http =>
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 1000;
            await http.Response.Body.WriteAsync("{"u8.ToArray(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        },
    };

    public static TheoryData<string, string> Everything
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var service in Routes.Keys)
            {
                foreach (var failure in Failures.Keys)
                {
                    data.Add(service, failure);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task What_is_no_answer_allows_nothing_and_changes_nothing(string service, string failure)
    {
        await using var zone = await ApiZone.StartAsync();
        var colonel = zone.Gateway.AddPerson("Colonel");
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        zone.Gateway.Intercept = async http =>
        {
            if (!IsRoute(http, service))
            {
                return false;
            }

            await Failures[failure](http);
            return true;
        };
        var token = zone.Gateway.AddAccessToken(colonel.ToString(), "an-app");
        var start = Stopwatch.GetTimestamp();

        using var refused = await zone.SendWithAccessTokenAsync(
            HttpMethod.Put,
            $"/api/users/{sergeant}/rank",
            colonel.ToString(),
            "an-app",
            token,
            """{"rank":"Captain"}""");

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal(service.Split('\'')[0], (string?)problem!["service"]);
        Assert.Equal(["Sergeant"], zone.Gateway.RanksOf(sergeant));
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(6), "It took longer than the limit of a call.");
        Assert.InRange(zone.Gateway.Calls.Count(call => call.Path.StartsWith(Routes[service], StringComparison.Ordinal) && call.Method != "PATCH"), 1, 4);
        var row = (await zone.LogAsync())[0];
        Assert.Equal((503, false), (row.Status, row.Allowed));
    }

    [Theory]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"expires_at":"LATER","identity":IDENTITY(ANOTHER)}""")]
    [InlineData("Kratos", """{"id":"ANOTHER","active":true,"expires_at":"LATER","identity":IDENTITY(SELF)}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"expires_at":"LATER","identity":null}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"expires_at":"LATER"}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":"true","expires_at":"LATER","identity":IDENTITY(SELF)}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"identity":IDENTITY(SELF)}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":false,"active":true,"expires_at":"LATER","identity":IDENTITY(SELF)}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"expires_at":"LATER","identity":{"id":"SELF","state":"promoted","traits":{"email":"a@example.org"},"created_at":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("Kratos", """{"id":"SESSION","active":true,"expires_at":"LATER","identity":{"id":"SELF","state":"active","traits":null,"created_at":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("Kratos", """IDENTITY(SELF)""")]
    [InlineData("Kratos by token", """IDENTITY(ANOTHER)""")]
    [InlineData("Kratos by token", """{"id":"SELF","state":"promoted","traits":{"email":"a@example.org"},"created_at":"2026-01-01T00:00:00Z"}""")]
    [InlineData("Kratos by token", """{"id":"SELF","state":"active","state":"active","traits":{"email":"a@example.org"},"created_at":"2026-01-01T00:00:00Z"}""")]
    [InlineData("Keto", """{"results":[]}""")]
    [InlineData("Keto", """{"results":[{"allowed":true},{"allowed":true}]}""")]
    [InlineData("Keto", """{"results":[{"allowed":true,"error":"relation does not exist"}]}""")]
    [InlineData("Keto", """{"results":[{"allowed":"true"}]}""")]
    [InlineData("Keto", """{"results":[{"allowed":false,"allowed":true}]}""")]
    [InlineData("Keto", """{"results":[{}]}""")]
    [InlineData("Keto's tuples", """{"relation_tuples":[{"namespace":"Rank","object":"General","relation":"members","subject_id":"ANOTHER"}]}""")]
    [InlineData("Keto's tuples", """{"relation_tuples":[{"namespace":"Rank","object":"Emperor","relation":"members","subject_id":"SELF"}]}""")]
    [InlineData("Keto's tuples", """{"relation_tuples":[],"next_page_token":"more"}""")]
    public async Task An_answer_about_something_else_is_no_answer(string service, string answer)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var another = zone.Gateway.AddPerson("General");
        var claims = zone.Gateway.SessionClaims(general.ToString());
        var body = Regex.Replace(answer, @"IDENTITY\((\w+)\)", """{"id":"$1","state":"active","traits":{"email":"a@example.org"},"created_at":"2026-01-01T00:00:00Z"}""")
            .Replace("SELF", general.ToString(), StringComparison.Ordinal)
            .Replace("ANOTHER", another.ToString(), StringComparison.Ordinal)
            .Replace("SESSION", (string)claims["sid"]!, StringComparison.Ordinal)
            .Replace("LATER", $"{DateTimeOffset.UtcNow.AddHours(1):O}", StringComparison.Ordinal);
        zone.Gateway.Intercept = async http =>
        {
            if (!IsRoute(http, service))
            {
                return false;
            }

            await WriteAsync(http, "application/json", body);
            return true;
        };

        const string Path = "/api/ranks/Private/access";
        using var refused = service.EndsWith("by token", StringComparison.Ordinal)
            ? await zone.SendWithAccessTokenAsync(HttpMethod.Get, Path, general.ToString(), "an-app", zone.Gateway.AddAccessToken(general.ToString(), "an-app"))
            : await zone.SendAsync(HttpMethod.Get, Path, zone.Gateway.Sign(claims));

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal(service.Split(' ', '\'')[0], (string?)problem!["service"]);
    }

    [Theory]
    [InlineData("/api/users", "/svc/kratos/admin/identities", "[null]", "Kratos")]
    [InlineData("/api/ranks/Major/members", "/svc/kratos/admin/identities", "[null]", "Kratos")]
    [InlineData("/api/ranks/Major/members", "/svc/keto/relation-tuples", """{"relation_tuples":[null],"next_page_token":""}""", "Keto")]
    [InlineData("/api/keys", "/svc/hydra/admin/clients", "[null]", "Hydra")]
    public async Task A_list_with_a_hole_is_no_answer(string path, string route, string body, string service)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        zone.Gateway.AddPerson("Major");
        zone.Gateway.Intercept = async http =>
        {
            if (http.Request.Path != route)
            {
                return false;
            }

            await WriteAsync(http, "application/json", body);
            return true;
        };

        using var refused = await zone.GetAsync(path, general);

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal(service, (string?)problem!["service"]);
    }

    [Fact]
    public async Task Where_the_gateway_cannot_ask_about_the_service_token_Hydra_is_named()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        zone.Gateway.Intercept = async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/svc", StringComparison.Ordinal))
            {
                return false;
            }

            http.Response.StatusCode = 500;
            await WriteAsync(
                http,
                "application/json",
                """{"error":{"code":500,"status":"Internal Server Error","message":"An internal server error occurred, please contact the system administrator"}}""");
            return true;
        };

        using var refused = await zone.GetAsync("/api/me", general);

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal("Hydra", (string?)problem!["service"]);
        Assert.StartsWith("Hydra: ", (await zone.LogAsync())[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_that_are_each_just_quick_enough_make_no_slow_answer()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var major = zone.Gateway.AddPerson("Major");
        using (var before = await zone.GetAsync("/api/me", general))
        {
            await ApiZone.AssertStatusAsync(before, 200);
        }

        // Three times one after the other: who calls, who is meant, and the change.
        zone.Gateway.Delay = TimeSpan.FromSeconds(1.2);
        var start = Stopwatch.GetTimestamp();
        using var refused = await zone.SendAsync(HttpMethod.Put, $"/api/users/{major}/rank", general, """{"rank":"Captain"}""");

        await ApiZone.AssertStatusAsync(refused, 503);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3), "Every call had the whole time for itself.");
        Assert.Equal(["Major"], zone.Gateway.RanksOf(major));
    }

    [Theory]
    [InlineData("aborts")]
    [InlineData("502")]
    [InlineData("slow")]
    public async Task Where_nothing_is_answered_the_gateway_is_named(string failure)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        using (var before = await zone.GetAsync("/api/me", general))
        {
            await ApiZone.AssertStatusAsync(before, 200);
        }

        zone.Gateway.Intercept = async http =>
        {
            await Failures[failure](http);
            return true;
        };

        using var refused = await zone.GetAsync("/api/me", general);

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal("gateway", (string?)problem!["service"]);
        Assert.StartsWith("Gateway: ", (await zone.LogAsync())[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_gone_allows_nothing()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        using (var before = await zone.GetAsync("/api/me", general))
        {
            await ApiZone.AssertStatusAsync(before, 200);
        }

        var token = zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString()));
        await zone.Gateway.DisposeAsync();

        using var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal("gateway", (string?)problem!["service"]);
    }

    [Fact]
    public async Task A_read_that_fails_once_is_asked_once_more()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var failed = 0;
        zone.Gateway.Intercept = async http =>
        {
            if (!IsRoute(http, "Kratos") || Interlocked.Exchange(ref failed, 1) == 1)
            {
                return false;
            }

            await StatusAsync(http, 502);
            return true;
        };

        using var response = await zone.GetAsync("/api/me", general);

        await ApiZone.AssertStatusAsync(response, 200);
        Assert.Equal(2, zone.Gateway.Calls.Count(call => call.Service == "kratos"));
    }

    [Fact]
    public async Task A_read_that_keeps_failing_is_asked_no_third_time()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        zone.Gateway.Intercept = async http =>
        {
            if (!IsRoute(http, "Kratos"))
            {
                return false;
            }

            await StatusAsync(http, 502);
            return true;
        };

        using var refused = await zone.GetAsync("/api/me", general);

        await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal(2, zone.Gateway.Calls.Count(call => call.Service == "kratos"));
    }

    [Fact]
    public async Task A_write_that_fails_is_not_repeated()
    {
        await using var zone = await ApiZone.StartAsync();
        var colonel = zone.Gateway.AddPerson("Colonel");
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        zone.Gateway.Intercept = async http =>
        {
            if (http.Request.Method != "PATCH")
            {
                return false;
            }

            await StatusAsync(http, 502);
            return true;
        };

        using var refused = await zone.SendAsync(HttpMethod.Put, $"/api/users/{sergeant}/rank", colonel, """{"rank":"Captain"}""");

        await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Single(zone.Gateway.Calls, call => call.IsWrite);
        Assert.Equal(["Sergeant"], zone.Gateway.RanksOf(sergeant));
    }

    private static bool IsRoute(HttpContext http, string service) => service.StartsWith("Kratos", StringComparison.Ordinal)
        ? http.Request.Path.StartsWithSegments(Routes["Kratos"], StringComparison.Ordinal)
        : http.Request.Path == Routes[service];

    private static Task StatusAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext http, string type, string body)
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    }
}
