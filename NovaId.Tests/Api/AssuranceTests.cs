using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NovaId.Api.Gateway;
using NovaId.Api.Keys;
using NovaId.Contract.Api;
using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Api;

/// <summary>How strong and how fresh a login must be where that matters.</summary>
public sealed class AssuranceTests
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(14);
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(16);

    [Theory]
    [MemberData(nameof(AssuranceContract.Endpoints), MemberType = typeof(AssuranceContract))]
    public async Task A_login_that_is_too_old_is_led_to_a_new_one_and_changes_nothing(string method, string target, string? body)
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson("Sergeant"));
        target = target.Replace("OTHER", other.ToString(), StringComparison.Ordinal);
        var claims = zone.Gateway.SessionClaims(general.ToString(), Old);
        zone.Gateway.ForgetCalls();

        using var refused = await zone.SendAsync(HttpMethod.Parse(method), target, zone.Gateway.Sign(claims), body);

        var problem = await ApiZone.ReadAsync(refused, 403);
        Assert.Equal("urn:novaid:problem:insufficient-assurance", (string?)problem["type"]);
        Assert.Equal(["recentLogin"], Missing(problem));
        Assert.Equal("aal1", (string?)problem["assurance"]!["requiredLevel"]);
        Assert.Equal(900, (int)problem["assurance"]!["maximumAge"]!);
        Assert.Equal("aal1", (string?)problem["assurance"]!["level"]);
        Assert.Equal(
            $"{zone.Gateway.Issuer}/.ory/kratos/public/self-service/login/browser?refresh=true",
            (string?)problem["assurance"]!["stepUp"]);
        Assert.DoesNotContain(zone.Gateway.ServiceCalls, call => call.Method is "PUT" or "PATCH" or "DELETE" || IsWrite(call));
        var row = Assert.Single(await zone.LogAsync());
        Assert.False(row.Allowed);
        Assert.Equal("a login of the last 15 minutes", row.Required);
    }

    [Theory]
    [MemberData(nameof(AssuranceContract.Endpoints), MemberType = typeof(AssuranceContract))]
    public async Task A_login_without_the_second_factor_that_is_set_up_is_led_to_it(string method, string target, string? body)
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson("Sergeant"));
        zone.Gateway.AddCredential(general, "totp");
        target = target.Replace("OTHER", other.ToString(), StringComparison.Ordinal);
        var weak = zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString(), Fresh));

        using var refused = await zone.SendAsync(HttpMethod.Parse(method), target, weak, body);

        var problem = await ApiZone.ReadAsync(refused, 403);
        Assert.Equal(["secondFactor"], Missing(problem));
        Assert.Equal("aal2", (string?)problem["assurance"]!["requiredLevel"]);
        Assert.Equal(
            $"{zone.Gateway.Issuer}/.ory/kratos/public/self-service/login/browser?aal=aal2",
            (string?)problem["assurance"]!["stepUp"]);
    }

    [Theory]
    [InlineData("WhereSetUp", null, 14, "aal1", 200)]
    [InlineData("WhereSetUp", null, 16, "aal1", 403)]
    [InlineData("WhereSetUp", null, 14, "aal2", 200)]
    [InlineData("WhereSetUp", "totp", 14, "aal1", 403)]
    [InlineData("WhereSetUp", "totp", 14, "aal2", 200)]
    [InlineData("WhereSetUp", "totp", 16, "aal2", 403)]
    [InlineData("WhereSetUp", "lookup_secret", 14, "aal1", 403)]
    [InlineData("WhereSetUp", "passkey", 14, "aal1", 200)]
    [InlineData("WhereSetUp", "code", 14, "aal1", 200)]
    [InlineData("Always", null, 14, "aal1", 403)]
    [InlineData("Always", null, 14, "aal2", 200)]
    [InlineData("Always", "totp", 14, "aal2", 200)]
    [InlineData("WhereSetUp", null, -5, "aal1", 403)]
    [InlineData("WhereSetUp", null, 14, "aal3", 403)]
    [InlineData("WhereSetUp", null, 14, "", 403)]
    public async Task A_session_is_enough_or_not(string policy, string? factor, int minutes, string level, int status)
    {
        await using var zone = await StartAsync(policy);
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson("Sergeant"));
        if (factor is not null)
        {
            zone.Gateway.AddCredential(general, factor);
        }

        var claims = zone.Gateway.SessionClaims(general.ToString(), TimeSpan.FromMinutes(minutes), level);
        using var response = await RankAsync(zone, zone.Gateway.Sign(claims), other);

        await ApiZone.ReadAsync(response, status);
        Assert.Equal(status == 200 ? "Captain" : "Sergeant", Assert.Single(zone.Gateway.RanksOf(other)));
    }

    [Theory]
    [InlineData("""{"acr":"aal1","auth_time":-60}""", null, 200)]
    [InlineData("""{"acr":"aal2","auth_time":-60,"amr":["password","totp"]}""", "totp", 200)]
    [InlineData("""{"acr":"aal1","auth_time":-60}""", "totp", 403)]
    [InlineData("""{"acr":"aal1","auth_time":-960}""", null, 403)]
    [InlineData("""{"acr":"aal2","auth_time":-960}""", "totp", 403)]
    [InlineData("""{"acr":"aal2","auth_time":600}""", null, 403)]
    [InlineData("""{"acr":"aal2"}""", null, 403)]
    [InlineData("""{"auth_time":-60}""", null, 403)]
    [InlineData("""{"acr":2,"auth_time":-60}""", null, 403)]
    [InlineData("""{"acr":"aal2","auth_time":"-60"}""", null, 403)]
    [InlineData("""{"acr":"aal2","auth_time":1e30}""", null, 403)]
    [InlineData("""{"acr":"urn:mace:incommon:iap:silver","auth_time":-60}""", null, 403)]
    [InlineData("[]", null, 403)]
    [InlineData(null, null, 403)]
    public async Task A_token_is_worth_what_consent_recorded_in_it(string? recorded, string? factor, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson("Sergeant"));
        if (factor is not null)
        {
            zone.Gateway.AddCredential(general, factor);
        }

        var token = zone.Gateway.AddAccessToken(general.ToString(), "an-app");
        if (recorded is not null)
        {
            var ext = JsonNode.Parse(recorded)!;
            if (ext is JsonObject { } members && members["auth_time"] is JsonValue time && time.TryGetValue<int>(out var offset))
            {
                members["auth_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset;
            }

            zone.Gateway.AccessTokens[token]["ext"] = ext;
        }

        using var response = await zone.SendWithAccessTokenAsync(
            HttpMethod.Put, $"/api/users/{other}/rank", general.ToString(), "an-app", token, """{"rank":"Captain"}""");

        await ApiZone.ReadAsync(response, status);
        if (status == 403)
        {
            var challenge = response.Headers.WwwAuthenticate.ToString();
            Assert.Contains("insufficient_user_authentication", challenge, StringComparison.Ordinal);
            Assert.Contains(factor is null ? "acr_values=\"aal1\"" : "acr_values=\"aal2\"", challenge, StringComparison.Ordinal);
            Assert.Contains("max_age=\"900\"", challenge, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_of_its_own_never_has_it_whatever_its_token_holds()
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson("Sergeant"));
        var key = new ApiKeyId(general, "0123456789abcdef").ToString();
        zone.Gateway.AddTuple("Capability", "ranks.assign", "granted", $"client:{key}");
        var token = zone.Gateway.AddAccessToken(key, key);
        zone.Gateway.AccessTokens[token]["ext"] = new JsonObject { ["acr"] = "aal2", ["auth_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() };

        using var response = await zone.SendWithAccessTokenAsync(
            HttpMethod.Put, $"/api/users/{other}/rank", key, key, token, """{"rank":"Captain"}""");

        var problem = await ApiZone.ReadAsync(response, 403);
        Assert.Equal("urn:novaid:problem:insufficient-assurance", (string?)problem["type"]);
        Assert.False((bool)problem["assurance"]!["canStepUp"]!);
        Assert.Null((string?)problem["assurance"]!["stepUp"]);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Whoever_must_have_a_second_factor_and_has_none_is_led_to_where_it_is_set_up()
    {
        await using var zone = await StartAsync("Always");
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson());

        using var response = await RankAsync(zone, zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString())), other);

        Assert.Equal(
            $"{zone.Gateway.Issuer}/.ory/kratos/public/self-service/settings/browser",
            (string?)(await ApiZone.ReadAsync(response, 403))["assurance"]!["stepUp"]);
    }

    [Theory]
    [InlineData("/admin/users?page=2#top", "&return_to=ISSUER%2Fadmin%2Fusers%3Fpage%3D2")]
    [InlineData("https://evil.example/admin", "")]
    [InlineData("nonsense", "")]
    public async Task The_way_leads_back_to_a_page_of_the_zone_and_to_no_other(string page, string back)
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson());
        var old = zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString(), Old));

        using var response = await zone.SendAsync(HttpMethod.Put, $"/api/users/{other}/rank", old, """{"rank":"Captain"}""", request =>
            request.Headers.TryAddWithoutValidation("Referer", page.StartsWith('/') ? zone.Gateway.Issuer + page : page));

        Assert.Equal(
            $"{zone.Gateway.Issuer}/.ory/kratos/public/self-service/login/browser?refresh=true"
                + back.Replace("ISSUER", Uri.EscapeDataString(zone.Gateway.Issuer), StringComparison.Ordinal),
            (string?)(await ApiZone.ReadAsync(response, 403))["assurance"]!["stepUp"]);
    }

    [Fact]
    public async Task Whoever_may_not_do_it_at_all_is_not_asked_to_log_in_again()
    {
        await using var zone = await ApiZone.StartAsync();
        var (sergeant, other) = (zone.Gateway.AddPerson("Sergeant"), zone.Gateway.AddPerson());

        using var response = await RankAsync(zone, zone.Gateway.Sign(zone.Gateway.SessionClaims(sergeant.ToString(), Old)), other);

        var problem = await ApiZone.AssertStatusAsync(response, 403);
        Assert.Equal("capability ranks.assign", (string?)problem!["required"]);
        Assert.Null(problem["assurance"]);
    }

    [Fact]
    public async Task One_may_delete_one_s_own_key_with_an_old_login()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        using var made = await zone.SendAsync(HttpMethod.Post, "/api/keys", person, """{"name":"a","scopes":["novaid.read"],"capabilities":[]}""");
        var key = (string)(await ApiZone.ReadAsync(made, 201))["id"]!;
        var old = zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString(), Old));

        using var response = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key}", old);

        await ApiZone.AssertStatusAsync(response, 204);
    }

    [Fact]
    public async Task Everything_is_asked_at_the_same_time()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        using (await zone.GetAsync("/api/me", general))
        {
        }

        zone.Gateway.Delay = TimeSpan.FromMilliseconds(150);
        zone.Gateway.ForgetCalls();
        var old = zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString(), Old));
        using var refused = await RankAsync(zone, old, Guid.NewGuid());

        await ApiZone.ReadAsync(refused, 403);
        var calls = zone.Gateway.ServiceCalls;
        Assert.Equal(4, calls.Count);
        Assert.True(calls.Max(call => call.Start) < calls.Min(call => call.End), "One of them waited for another.");
    }

    [Theory]
    [InlineData("Assurance:MaximumAge", "00:00:30", "Assurance:MaximumAge must be")]
    [InlineData("Assurance:MaximumAge", "1.00:00:00", "Assurance:MaximumAge must be")]
    [InlineData("Assurance:SecondFactor", "Sometimes", "Assurance:SecondFactor")]
    [InlineData("Assurance:SecondFactor", "7", "Assurance:SecondFactor must be")]
    public void A_setting_that_cannot_be_stops_the_start(string key, string value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            ApiZone.Create("http://127.0.0.1:1", ":memory:", builder => builder.Configuration.AddInMemoryCollection([new(key, value)])));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_factors_are_those_that_Kratos_is_configured_with()
    {
        var methods = ConfigurationFile.Read(Path.Combine(NovaId.Tests.Gateway.TestGateway.RealFolder, "kratos", "kratos.yml"))["selfservice.methods"];
        var enabled = new[] { "totp", "lookup_secret", "webauthn" }.Where(method => methods[$"{method}.enabled"].Boolean(false));

        Assert.Equal(enabled, IdentityCredentials.SecondFactors);
        Assert.False(methods["code.mfa_enabled"].Boolean(false));
    }

    private static IEnumerable<string?> Missing(JsonNode problem) => problem["assurance"]!["missing"]!.AsArray().Select(one => (string?)one);

    private static bool IsWrite(GatewayCall call) => call is { Method: "POST", Path: "/svc/hydra/admin/clients" or "/svc/kratos/admin/recovery/code" };

    private static Task<ApiZone> StartAsync(string policy) => ApiZone.StartAsync(
        builder => builder.Configuration.AddInMemoryCollection([new("Assurance:SecondFactor", policy)]));

    private static Task<HttpResponseMessage> RankAsync(ApiZone zone, string idToken, Guid person) =>
        zone.SendAsync(HttpMethod.Put, $"/api/users/{person}/rank", idToken, """{"rank":"Captain"}""");
}
