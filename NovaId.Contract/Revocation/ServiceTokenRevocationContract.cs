using System.Diagnostics;

namespace NovaId.Contract.Revocation;

/// <summary>The one answer that is remembered: the gateway knows for thirty seconds what Hydra said of a service token. A class of its own,
/// so that nobody waits with it.</summary>
public abstract class ServiceTokenRevocationContract(IZone zone) : ZoneContract(zone)
{
    private const string Scope = "kratos.identities.list";

    private const string Target = "/svc/kratos/admin/identities?page_size=1";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_service_token_that_was_revoked_is_refused_at_the_latest_when_the_gateway_asks_again()
    {
        var (client, token) = await NewTokenAsync();
        var caller = Anonymous.WithBearer(token);
        var known = Stopwatch.StartNew();
        (await caller.GetAsync(Target)).Expect(200);
        (await OAuth2.RevokeAsync(client, token)).Expect(200);

        Reply reply;
        bool isWithinBound;
        do
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            // Whether it was within the bound when it was sent: an answer may take its time.
            isWithinBound = known.Elapsed <= Bound + TimeSpan.FromSeconds(1);
            reply = await caller.GetAsync(Target);
        }
        while (reply.Status == 200 && isWithinBound);

        reply.ExpectByGateway(401);
        (await caller.GetAsync(Target)).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_service_token_that_was_revoked_before_its_first_use_is_refused_at_once()
    {
        var (client, token) = await NewTokenAsync();

        (await OAuth2.RevokeAsync(client, token)).Expect(200);

        (await Anonymous.WithBearer(token).GetAsync(Target)).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_revoked_service_token_that_is_remembered_opens_no_other_route()
    {
        var (client, token) = await NewTokenAsync();
        (await Anonymous.WithBearer(token).GetAsync(Target)).Expect(200);
        (await OAuth2.RevokeAsync(client, token)).Expect(200);

        (await Anonymous.WithBearer(token).GetAsync("/svc/keto/relation-tuples?namespace=Rank")).ExpectByGateway(403);
        (await Anonymous.WithBearer(token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    private async Task<(OAuth2Client Client, string Token)> NewTokenAsync()
    {
        var client = await Operator.CreateClientAsync(scope: Scope, audience: "novaid-gateway", grants: ["client_credentials"]);
        return (client, await OAuth2.AccessTokenAsync(client, Scope, "novaid-gateway"));
    }
}
