namespace NovaId.Contract.Gateway;

/// <summary>The admin APIs behind <c>/svc</c>: each route opens to a service token with exactly its scope.</summary>
public abstract class ServiceRouteContract(IZone zone) : ZoneContract(zone)
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    /// <summary>Every route: its scope, a request that changes nothing, and what the service behind it answers.</summary>
    public static TheoryData<string, string, string, int> Routes { get; } = new()
    {
        { "kratos.identities.list", "GET", "/svc/kratos/admin/identities?page_size=1", 200 },
        { "kratos.identities.get", "GET", $"/svc/kratos/admin/identities/{Nobody}", 404 },
        { "kratos.identities.create", "POST", "/svc/kratos/admin/identities", 400 },
        { "kratos.identities.patch", "PATCH", $"/svc/kratos/admin/identities/{Nobody}", 404 },
        { "kratos.identities.delete", "DELETE", $"/svc/kratos/admin/identities/{Nobody}", 404 },
        { "kratos.sessions.list", "GET", $"/svc/kratos/admin/identities/{Nobody}/sessions", 200 },
        { "kratos.sessions.get", "GET", $"/svc/kratos/admin/sessions/{Nobody}?expand=identity", 404 },
        { "kratos.sessions.delete", "DELETE", $"/svc/kratos/admin/identities/{Nobody}/sessions", 404 },
        { "kratos.recovery.code", "POST", "/svc/kratos/admin/recovery/code", 404 },
        { "kratos.sessions.revoke", "DELETE", $"/svc/kratos/admin/sessions/{Nobody}", 404 },
        { "kratos.credentials.delete", "DELETE", $"/svc/kratos/admin/identities/{Nobody}/credentials/totp", 404 },
        { "keto.check", "POST", "/svc/keto/relation-tuples/batch/check", 200 },
        { "keto.check.single", "GET", "/svc/keto/relation-tuples/check/openapi?namespace=Capability&object=users.view&relation=allow&subject_id=nobody", 200 },
        { "keto.tuples.list", "GET", "/svc/keto/relation-tuples?namespace=Capability", 200 },
        { "keto.tuples.patch", "PATCH", "/svc/keto/admin/relation-tuples", 204 },
        { "hydra.introspect", "POST", "/svc/hydra/admin/oauth2/introspect", 200 },
        { "hydra.clients.list", "GET", "/svc/hydra/admin/clients?page_size=1", 200 },
        { "hydra.clients.get", "GET", $"/svc/hydra/admin/clients/{Nobody}", 404 },
        { "hydra.clients.create", "POST", "/svc/hydra/admin/clients", 400 },
        { "hydra.clients.delete", "DELETE", $"/svc/hydra/admin/clients/{Nobody}", 404 },
        { "hydra.clients.replace", "PUT", $"/svc/hydra/admin/clients/{Nobody}", 404 },
        { "hydra.clients.lifespans", "PUT", $"/svc/hydra/admin/clients/{Nobody}/lifespans", 404 },
        { "hydra.consents.list", "GET", $"/svc/hydra/admin/oauth2/auth/sessions/consent?subject={Nobody}", 200 },
        { "hydra.consents.revoke", "DELETE", $"/svc/hydra/admin/oauth2/auth/sessions/consent?subject={Nobody}&all=true", 204 },
        { "hydra.logins.revoke", "DELETE", $"/svc/hydra/admin/oauth2/auth/sessions/login?subject={Nobody}", 204 },
        { "hydra.login.get", "GET", "/svc/hydra/admin/oauth2/auth/requests/login?login_challenge=nothing", 404 },
        { "hydra.login.accept", "PUT", "/svc/hydra/admin/oauth2/auth/requests/login/accept?login_challenge=nothing", 404 },
        { "hydra.login.reject", "PUT", "/svc/hydra/admin/oauth2/auth/requests/login/reject?login_challenge=nothing", 404 },
        { "hydra.consent.get", "GET", "/svc/hydra/admin/oauth2/auth/requests/consent?consent_challenge=nothing", 404 },
        { "hydra.consent.accept", "PUT", "/svc/hydra/admin/oauth2/auth/requests/consent/accept?consent_challenge=nothing", 404 },
        { "hydra.consent.reject", "PUT", "/svc/hydra/admin/oauth2/auth/requests/consent/reject?consent_challenge=nothing", 404 },
        { "hydra.logout.get", "GET", "/svc/hydra/admin/oauth2/auth/requests/logout?logout_challenge=nothing", 404 },
        { "hydra.logout.accept", "PUT", "/svc/hydra/admin/oauth2/auth/requests/logout/accept?logout_challenge=nothing", 404 },
        { "hydra.logout.reject", "PUT", "/svc/hydra/admin/oauth2/auth/requests/logout/reject?logout_challenge=nothing", 404 },
        { "hydra.device.accept", "PUT", "/svc/hydra/admin/oauth2/auth/requests/device/accept?device_challenge=nothing", 404 },
        { "mail.read", "GET", "/svc/mail/api/v1/messages?limit=1", 200 },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_service_token_with_its_scope_alone_passes(string scope, string method, string target, int status)
    {
        var reply = await SendAsync(Anonymous.WithBearer(await Tools.ServiceTokenAsync(scope)), scope, method, target);

        reply.Expect(status);
        Assert.DoesNotContain("does not match any rules", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_service_token_with_every_other_scope_does_not_pass(string scope, string method, string target, int status)
    {
        _ = status;
        var others = string.Join(' ', Operator.Scopes.Split(' ').Where(other => other != scope));

        (await SendAsync(Anonymous.WithBearer(await Tools.ServiceTokenAsync(others)), scope, method, target)).ExpectByGateway(403);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Nobody_passes_without_a_token(string scope, string method, string target, int status)
    {
        _ = status;

        (await SendAsync(Anonymous, scope, method, target)).ExpectByGateway(401);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_token_of_a_person_does_not_pass(string scope, string method, string target, int status)
    {
        _ = status;

        (await SendAsync(Anonymous.WithBearer(await Tools.UserTokenAsync()), scope, method, target)).ExpectByGateway(403);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_session_of_a_general_does_not_pass(string scope, string method, string target, int status)
    {
        _ = status;

        (await SendAsync((await SharedPersonAsync("General")).Caller, scope, method, target)).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_with_the_scope_for_another_audience_does_not_pass()
    {
        var client = await Operator.CreateClientAsync(scope: "kratos.identities.list");
        var token = await OAuth2.AccessTokenAsync(client, "kratos.identities.list");

        (await Anonymous.WithBearer(token).GetAsync("/svc/kratos/admin/identities")).ExpectByGateway(403);
    }

    [Fact]
    public async Task A_token_with_the_scope_for_no_audience_does_not_pass()
    {
        var client = await Operator.CreateClientAsync(scope: "kratos.identities.list");
        var token = await OAuth2.AccessTokenAsync(client, "kratos.identities.list", audience: null);

        (await Anonymous.WithBearer(token).GetAsync("/svc/kratos/admin/identities")).ExpectByGateway(403);
    }

    [Fact]
    public async Task A_token_that_does_not_exist_does_not_pass() =>
        (await Anonymous.WithBearer("ory_at_nothing.nothing").GetAsync("/svc/kratos/admin/identities")).ExpectByGateway(401);

    [Fact]
    public async Task A_scope_is_matched_whole()
    {
        var client = await Operator.CreateClientAsync(scope: "kratos.identities kratos.identities.* kratos.*", audience: "novaid-gateway");
        var token = await OAuth2.AccessTokenAsync(client, "kratos.identities kratos.identities.* kratos.*", "novaid-gateway");

        (await Anonymous.WithBearer(token).GetAsync("/svc/kratos/admin/identities")).ExpectByGateway(403);
    }

    [Fact]
    public async Task The_client_of_the_API_is_registered_with_what_the_API_needs_and_no_more()
    {
        var reply = (await (await Operator.CallerAsync()).GetAsync("/svc/hydra/admin/clients/novaid-api")).Expect(200);

        var scopes = reply["scope"].GetString()!.Split(' ');
        Assert.DoesNotContain("kratos.identities.create", scopes);
        Assert.DoesNotContain("hydra.login.accept", scopes);
        Assert.DoesNotContain("hydra.consent.accept", scopes);
        Assert.Equal(["client_credentials"], reply.Strings("grant_types"));
        Assert.Equal(["novaid-gateway"], reply.Strings("audience"));
    }

    [Fact]
    public async Task The_client_of_the_account_pages_answers_for_consent_logout_and_devices_and_for_nothing_else()
    {
        var reply = (await (await Operator.CallerAsync()).GetAsync("/svc/hydra/admin/clients/novaid-accounts")).Expect(200);

        Assert.Equal(
            [
                "hydra.consent.accept", "hydra.consent.get", "hydra.consent.reject", "hydra.device.accept",
                "hydra.logout.accept", "hydra.logout.get", "hydra.logout.reject",
            ],
            reply["scope"].GetString()!.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(["client_credentials"], reply.Strings("grant_types"));
        Assert.Equal(["novaid-gateway"], reply.Strings("audience"));
    }

    [Fact]
    public async Task The_client_of_the_demo_gets_what_a_person_grants_and_passes_no_route_of_services()
    {
        var reply = (await (await Operator.CallerAsync()).GetAsync("/svc/hydra/admin/clients/demo")).Expect(200);

        Assert.Equal(
            ["email", "novaid.read", "novaid.write", "offline_access", "openid", "profile"], reply["scope"].GetString()!.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(["authorization_code", "refresh_token"], reply.Strings("grant_types"));
        Assert.Equal(["novaid-api"], reply.Strings("audience"));
    }

    private static Task<Reply> SendAsync(Caller caller, string scope, string method, string target) =>
        caller.SendAsync(HttpMethod.Parse(method), target, scope switch
        {
            "keto.check" => new { tuples = Array.Empty<object>() },
            "keto.tuples.patch" => Array.Empty<object>(),
            "kratos.identities.patch" => new[] { new { op = "replace", path = "/state", value = "active" } },
            "kratos.recovery.code" => new { identity_id = Nobody },
            "hydra.introspect" => OAuth2Flows.Form(("token", "nothing")),
            "hydra.clients.create" => new { redirect_uris = "not a list" },
            "hydra.login.accept" => new { subject = Nobody },
            "hydra.device.accept" => new { user_code = "nothing" },
            _ => method is "GET" or "DELETE" ? null : new { },
        });
}
