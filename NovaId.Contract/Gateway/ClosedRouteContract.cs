namespace NovaId.Contract.Gateway;

/// <summary>What no rule names does not exist: not for anyone, whatever they hold.</summary>
public abstract class ClosedRouteContract(IZone zone) : ZoneContract(zone)
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    public static TheoryData<string, string> Routes { get; } = new()
    {
        // Kratos' admin API beyond what is in use.
        { "PUT", $"/svc/kratos/admin/identities/{Nobody}" },
        { "DELETE", "/svc/kratos/admin/identities" },
        { "PATCH", "/svc/kratos/admin/identities" },
        { "DELETE", $"/svc/kratos/admin/identities/{Nobody}/credentials/password" },
        { "GET", "/svc/kratos/admin/sessions" },
        { "PATCH", $"/svc/kratos/admin/sessions/{Nobody}/extend" },
        { "DELETE", $"/svc/kratos/admin/identities/{Nobody}/credentials/passkey" },
        { "POST", "/svc/kratos/admin/recovery/link" },
        { "GET", "/svc/kratos/admin/courier/messages" },
        { "GET", "/svc/kratos/identities" },
        { "GET", "/svc/kratos/admin/identities/by/external/x" },
        { "GET", "/svc/kratos/admin/identities/ABCDEF00-0000-4000-8000-000000000000" },
        // Keto's.
        { "GET", "/svc/keto/relation-tuples/check" },
        { "POST", "/svc/keto/relation-tuples/check" },
        { "GET", "/svc/keto/relation-tuples/expand" },
        { "GET", "/svc/keto/namespaces" },
        { "PUT", "/svc/keto/admin/relation-tuples" },
        { "DELETE", "/svc/keto/admin/relation-tuples" },
        { "POST", "/svc/keto/opl/syntax/check" },
        // Hydra's.
        { "PUT", "/svc/hydra/admin/clients" },
        { "PATCH", $"/svc/hydra/admin/clients/{Nobody}" },
        { "GET", "/svc/hydra/admin/keys/hydra.openid.id-token" },
        { "POST", "/svc/hydra/admin/keys/hydra.openid.id-token" },
        { "DELETE", "/svc/hydra/admin/oauth2/tokens" },
        { "POST", "/svc/hydra/admin/trust/grants/jwt-bearer/issuers" },
        { "GET", "/svc/hydra/clients" },
        // The admin APIs by their own names.
        { "GET", "/Admin/people" },
        { "GET", "/administration" },
        { "DELETE", "/admin/people" },
        { "GET", "/clients" },
        { "GET", "/identities" },
        { "GET", "/relation-tuples" },
        { "POST", "/oauth2/introspect" },
        { "GET", "/oauth2/fallbacks/error" },
        { "GET", "/oauth2" },
        { "PUT", "/oauth2/token" },
        // Kratos' public port beyond its flows.
        { "GET", "/.ory/kratos/public/admin/identities" },
        { "GET", "/.ory/kratos/public/identities" },
        { "GET", "/.ory/kratos/public/health/alive" },
        { "GET", "/.ory/kratos/public/version" },
        { "GET", "/.ory/kratos/public" },
        { "GET", "/.ory/kratos/admin/identities" },
        // The gateway's own API.
        { "GET", "/rules" },
        { "GET", "/decisions" },
        { "GET", "/gw/rules" },
        { "GET", "/gw/decisions" },
        { "GET", "/gw/health/alive" },
        { "GET", "/.well-known/other" },
        { "GET", "/metrics" },
        { "GET", "/health/ready" },
        // The API's prefix is written one way.
        { "GET", "/API/me" },
        { "GET", "/Api/me" },
        { "GET", "/apis/me" },
        { "GET", "/api" },
        { "GET", "/me" },
        { "POST", "/api/health" },
        { "DELETE", "/api/public" },
        // The pages take what a browser sends, and their prefix is written one way.
        { "PUT", "/" },
        { "DELETE", "/accounts/sessions" },
        { "GET", "/Accounts/login" },
        { "GET", "/accountsx" },
        { "GET", "/svc" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_that_no_rule_names_is_not_found(string method, string target) =>
        (await (await Operator.CallerAsync()).SendAsync(HttpMethod.Parse(method), target)).ExpectByGateway(404);
}
