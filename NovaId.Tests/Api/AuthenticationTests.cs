using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Tests.Api;

public sealed class AuthenticationTests
{
    private const string Anybody = "11111111-2222-4333-8444-555555555555";

    /// <summary>What goes wrong with a token, and how to make it so; the same claims signed by the gateway are let in.</summary>
    private static readonly Dictionary<string, Func<TestGateway, string, string>> Forgeries = new()
    {
        ["unsigned"] = (gateway, person) => $"{TestGateway.Encode(new JsonObject { ["alg"] = "none", ["typ"] = "JWT", ["kid"] = gateway.KeyId })}."
            + $"{TestGateway.Encode(gateway.SessionClaims(person))}.",
        ["unsigned, saying it is signed"] = (gateway, person) => gateway.Sign(gateway.SessionClaims(person)) is var token ? token[..(token.LastIndexOf('.') + 1)] : "",
        ["self-signed under the gateway's key id"] = (gateway, person) =>
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return SignWith(own, gateway.SessionClaims(person), gateway.KeyId);
        },
        ["self-signed under a key id of its own"] = (gateway, person) =>
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return SignWith(own, gateway.SessionClaims(person), "mine");
        },
        ["HS256 with the public key"] = (gateway, person) =>
        {
            var header = TestGateway.Encode(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = gateway.KeyId });
            var content = $"{header}.{TestGateway.Encode(gateway.SessionClaims(person))}";
            var mac = HMACSHA256.HashData(gateway.Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(content));
            return $"{content}.{Base64UrlEncoder.Encode(mac)}";
        },
        ["HS256 with a symmetric key of the key set"] = (gateway, person) =>
        {
            var header = TestGateway.Encode(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = "symmetric" });
            var content = $"{header}.{TestGateway.Encode(gateway.SessionClaims(person))}";
            return $"{content}.{Base64UrlEncoder.Encode(HMACSHA256.HashData("secret"u8, Encoding.ASCII.GetBytes(content)))}";
        },
        ["changed after signing"] = (gateway, person) =>
        {
            var parts = gateway.Sign(gateway.SessionClaims(Anybody)).Split('.');
            return $"{parts[0]}.{TestGateway.Encode(gateway.SessionClaims(person))}.{parts[2]}";
        },
        ["foreign issuer"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "iss", "http://somewhere.else")),
        ["no issuer"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "iss")),
        ["foreign audience"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "aud", new JsonArray("another-api"))),
        ["no audience"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "aud")),
        ["expired"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "exp", DateTimeOffset.UtcNow.AddSeconds(-12).ToUnixTimeSeconds())),
        ["no expiry"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "exp")),
        ["not yet valid"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "nbf", DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeSeconds())),
        ["no start"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "nbf")),
        ["no authentication method"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "auth_method")),
        ["an authentication method of its own"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "auth_method", "root")),
        ["no session"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "sid")),
        ["a session in another spelling"] = (gateway, person) =>
            gateway.SessionClaims(person) is var claims ? gateway.Sign(With(claims, "sid", ((string)claims["sid"]!).ToUpperInvariant())) : "",
        ["a session that is a path"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "sid", "../identities")),
        ["no assurance level"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "acr")),
        ["no subject"] = (gateway, person) => gateway.Sign(Without(gateway.SessionClaims(person), "sub")),
        ["a subject that is no text"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "sub", new JsonArray(person))),
        ["a subject in another spelling"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "sub", person.ToUpperInvariant())),
        ["a subject in Keto's words"] = (gateway, person) => gateway.Sign(With(gateway.SessionClaims(person), "sub", "client:novaid-operator")),
        ["no key id"] = (gateway, person) => gateway.Sign(gateway.SessionClaims(person), new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT" }),
        ["another type"] = (gateway, person) => gateway.Sign(
            gateway.SessionClaims(person),
            new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = gateway.KeyId }),
        ["a critical extension"] = (gateway, person) => gateway.Sign(
            gateway.SessionClaims(person),
            new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = gateway.KeyId, ["crit"] = new JsonArray("b64"), ["b64"] = false }),
        ["an ID token of Hydra"] = (gateway, person) => gateway.Sign(new JsonObject
        {
            ["iss"] = gateway.Issuer,
            ["sub"] = person,
            ["aud"] = new JsonArray("some-app"),
            ["nonce"] = "n",
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds(),
        }),
        ["a service token"] = (_, _) => "service-token-1",
        ["nonsense"] = (_, _) => "a.b.c",
        ["five parts"] = (_, _) => "a.b.c.d.e",
        ["far too long"] = (_, _) => new string('a', 9000) + ".b.c",
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_straight_to_the_API_is_refused(string forgery)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        using (var genuine = await zone.GetAsync("/api/me", person))
        {
            await ApiZone.AssertStatusAsync(genuine, 200);
        }

        zone.Gateway.ForgetCalls();
        using var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", Forgeries[forgery](zone.Gateway, person.ToString()));

        await ApiZone.AssertStatusAsync(refused, 401);
        Assert.Contains("Bearer", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(zone.Gateway.ServiceCalls);
    }

    [Fact]
    public async Task Headers_that_name_a_person_prove_nothing()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");

        using var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", idToken: null, configure: request =>
        {
            foreach (var header in (string[])["X-User", "X-User-Id", "X-User-Name", "X-Authenticated-User", "X-Forwarded-User", "Remote-User"])
            {
                request.Headers.Add(header, person.ToString());
            }

            request.Headers.Add("X-User-Rank", "General");
            request.Headers.Add("Cookie", "novaid_session=MTc");
            request.Headers.Add("X-Session-Token", "ory_st_1");
            request.Headers.Add("X-Orig-Authorization", "Bearer ory_at_1");
        });

        await ApiZone.AssertStatusAsync(refused, 401);
        Assert.Empty(zone.Gateway.Calls);
    }

    [Theory]
    [InlineData("Basic bm92YWlkOnNlY3JldA==")]
    [InlineData("Bearer")]
    [InlineData("Bearer a b")]
    public async Task Anything_but_one_bearer_token_is_refused(string authorization)
    {
        await using var zone = await ApiZone.StartAsync();

        using var refused = await zone.SendAsync(
            HttpMethod.Get,
            "/api/me",
            idToken: null,
            configure: request => request.Headers.TryAddWithoutValidation("Authorization", authorization));

        await ApiZone.AssertStatusAsync(refused, 401);
    }

    [Fact]
    public async Task A_token_that_ran_out_within_the_clock_skew_still_counts()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var claims = With(zone.Gateway.SessionClaims(person.ToString()), "exp", DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeSeconds());

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims));

        await ApiZone.AssertStatusAsync(response, 200);
    }

    [Fact]
    public async Task Unknown_key_ids_make_the_API_fetch_the_keys_once_and_not_each_time()
    {
        await using var zone = await ApiZone.StartAsync();
        var claims = zone.Gateway.SessionClaims(Anybody);

        await Parallel.ForAsync(0, 40, TestContext.Current.CancellationToken, async (number, _) =>
        {
            var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = $"unknown-{number}" };
            string token;
            lock (zone)
            {
                token = zone.Gateway.Sign(claims, header);
            }

            using var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
            Assert.Equal(401, (int)refused.StatusCode);
        });

        Assert.Single(zone.Gateway.KeyRequests);
    }

    [Fact]
    public async Task A_token_that_cannot_be_judged_is_no_fault_of_its_bearer()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        zone.Gateway.Intercept = http =>
        {
            http.Response.StatusCode = 502;
            return Task.FromResult(true);
        };

        using var first = await zone.GetAsync("/api/me", person);
        var problem = await ApiZone.AssertStatusAsync(first, 503);
        Assert.Equal("gateway", (string?)problem!["service"]);
        using (var again = await zone.GetAsync("/api/me", person))
        {
            await ApiZone.AssertStatusAsync(again, 503);
        }

        Assert.Single(zone.Gateway.KeyRequests);
        zone.Gateway.Intercept = null;
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        using var later = await zone.GetAsync("/api/me", person);
        await ApiZone.AssertStatusAsync(later, 200);
    }

    [Fact]
    public async Task An_access_token_is_asked_about_again()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("Sergeant");
        var token = zone.Gateway.AddAccessToken(person.ToString(), "an-app");

        using var response = await zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/me", person.ToString(), "an-app", token);
        var me = await ApiZone.ReadAsync(response, 200);

        Assert.Equal("person", (string?)me["kind"]);
        Assert.Equal("oauth2", (string?)me["authentication"]!["method"]);
        Assert.Equal("an-app", (string?)me["authentication"]!["clientId"]);
        Assert.Equal(["novaid.read", "novaid.write"], me["scopes"]!.AsArray().Select(scope => (string?)scope));
        Assert.Contains(zone.Gateway.ServiceCalls, call => call.Path == "/svc/hydra/admin/oauth2/introspect" && call.Body == $"token={token}");
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("refresh")]
    [InlineData("audience")]
    [InlineData("subject")]
    [InlineData("client")]
    [InlineData("missing")]
    [InlineData("twice")]
    public async Task An_access_token_that_does_not_fit_is_refused(string what)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        var another = zone.Gateway.AddPerson("General");
        var subject = person.ToString();
        var token = what switch
        {
            "revoked" => "ory_at_revoked",
            "refresh" => zone.Gateway.AddAccessToken(subject, "an-app", use: "refresh_token"),
            "audience" => zone.Gateway.AddAccessToken(subject, "an-app", audience: "novaid-gateway"),
            "subject" => zone.Gateway.AddAccessToken(another.ToString(), "an-app"),
            "client" => zone.Gateway.AddAccessToken(subject, "another-app"),
            _ => zone.Gateway.AddAccessToken(subject, "an-app"),
        };

        using var refused = await zone.SendAsync(
            HttpMethod.Get,
            "/api/me",
            zone.Gateway.Sign(zone.Gateway.OAuth2Claims(subject, "an-app")),
            configure: request =>
            {
                string[] values = what switch
                {
                    "missing" => [],
                    "twice" => [$"Bearer {token}", $"Bearer {token}"],
                    _ => [$"Bearer {token}"],
                };
                request.Headers.Add("X-Orig-Authorization", values);
            });

        await ApiZone.AssertStatusAsync(refused, 401);
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "novaid.write", "novaid.read")]
    [InlineData("HEAD", "novaid.write", "novaid.read")]
    [InlineData("POST", "novaid.read", "novaid.write")]
    [InlineData("POST", "", "novaid.write")]
    public async Task A_token_without_the_scope_of_the_method_is_refused(string method, string scope, string needed)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        var token = zone.Gateway.AddAccessToken(person.ToString(), "an-app", scope);
        var isPost = method == "POST";

        using var refused = await zone.SendWithAccessTokenAsync(
            new HttpMethod(method),
            isPost ? "/api/documents" : "/api/me",
            person.ToString(),
            "an-app",
            token,
            isPost ? """{"title":"a","content":"b"}""" : null);

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{needed}\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Theory]
    [InlineData("unknown", "session unknown")]
    [InlineData("revoked", "session ended")]
    [InlineData("run out", "session ended")]
    public async Task A_session_that_counts_no_more_is_refused_with_a_valid_id_token(string what, string reason)
    {
        await using var zone = await ApiZone.StartAsync();
        var claims = zone.Gateway.SessionClaims(zone.Gateway.AddPerson("General").ToString());
        var token = zone.Gateway.Sign(claims);
        using (var before = await zone.SendAsync(HttpMethod.Get, "/api/me", token))
        {
            await ApiZone.AssertStatusAsync(before, 200);
        }

        var id = Guid.Parse((string)claims["sid"]!);
        _ = what switch
        {
            "unknown" => zone.Gateway.Sessions.Remove(id),
            "revoked" => (zone.Gateway.Sessions[id]["active"] = false) is not null,
            // Kratos' own clock would have it last.
            _ => (zone.Gateway.Sessions[id]["expires_at"] = DateTimeOffset.UtcNow.AddSeconds(-1).ToString("O")) is not null,
        };

        using var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
        await ApiZone.AssertStatusAsync(refused, 401);
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(("General", reason), ((await zone.LogAsync())[0].Rank, (await zone.LogAsync())[0].Reason));
    }

    [Theory]
    [InlineData("unknown", "session", "session unknown")]
    [InlineData("unknown", "oauth2", "identity unknown")]
    [InlineData("inactive", "session", "identity inactive")]
    [InlineData("inactive", "oauth2", "identity inactive")]
    public async Task A_person_who_is_not_there_or_not_active_is_refused_with_a_valid_token(string what, string method, string reason)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = what == "unknown" ? Guid.NewGuid() : zone.Gateway.AddPerson("General", state: "inactive");

        using var refused = method == "session"
            ? await zone.GetAsync("/api/me", person)
            : await zone.SendWithAccessTokenAsync(
                HttpMethod.Get, "/api/me", person.ToString(), "an-app", zone.Gateway.AddAccessToken(person.ToString(), "an-app"));

        await ApiZone.AssertStatusAsync(refused, 401);
        Assert.Equal(reason, (await zone.LogAsync())[0].Reason);
    }

    private static string SignWith(ECDsa key, JsonObject claims, string kid)
    {
        var content = $"{TestGateway.Encode(new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = kid })}.{TestGateway.Encode(claims)}";
        return $"{content}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static JsonObject With(JsonObject claims, string name, JsonNode value)
    {
        claims[name] = value;
        return claims;
    }

    private static JsonObject Without(JsonObject claims, string name)
    {
        claims.Remove(name);
        return claims;
    }
}
