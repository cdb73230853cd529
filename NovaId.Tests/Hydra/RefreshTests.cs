using System.Net;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Hydra;

public sealed class RefreshTests : HydraTest
{
    [Fact]
    public async Task A_refresh_token_gives_new_tokens_and_ends_the_old_ones()
    {
        var client = await Hydra.CreateClientAsync();
        var first = await Hydra.GetTokensAsync(client);
        var second = await HydraHost.ReadAsync(await RefreshAsync(client, first));

        Assert.NotEqual(Text(first, "access_token"), Text(second, "access_token"));
        Assert.NotEqual(Text(first, "refresh_token"), Text(second, "refresh_token"));
        Assert.Equal(Text(first, "scope"), Text(second, "scope"));
        Assert.NotEmpty(Text(second, "id_token"));
        Assert.False(await Hydra.IsActiveAsync(Text(first, "access_token")));
        Assert.False(await Hydra.IsActiveAsync(Text(first, "refresh_token")));
        Assert.True(await Hydra.IsActiveAsync(Text(second, "access_token")));
        Assert.True(await Hydra.IsActiveAsync(Text(second, "refresh_token")));
    }

    [Fact]
    public async Task The_second_use_of_a_refresh_token_revokes_the_whole_family()
    {
        var client = await Hydra.CreateClientAsync();
        var first = await Hydra.GetTokensAsync(client);
        var second = await HydraHost.ReadAsync(await RefreshAsync(client, first));

        await HydraHost.AssertErrorAsync(
            await RefreshAsync(client, first),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "The refresh token was already used.");
        Assert.False(await Hydra.IsActiveAsync(Text(second, "access_token")));
        Assert.False(await Hydra.IsActiveAsync(Text(second, "refresh_token")));
        await HydraHost.AssertErrorAsync(
            await RefreshAsync(client, second),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "malformed or not valid");
    }

    [Fact]
    public async Task Of_many_who_bring_one_refresh_token_at_once_one_gets_tokens_and_nobody_keeps_them()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(client, tokens)));
        var winner = await HydraHost.ReadAsync(Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK));
        Assert.False(await Hydra.IsActiveAsync(Text(winner, "access_token")));
        Assert.False(await Hydra.IsActiveAsync(Text(winner, "refresh_token")));
    }

    [Fact]
    public async Task A_refresh_token_is_good_only_for_its_client()
    {
        var client = await Hydra.CreateClientAsync();
        var other = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        await HydraHost.AssertErrorAsync(await RefreshAsync(other, tokens), HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(client, tokens)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_dies_when_its_time_is_up()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        Hydra.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        await HydraHost.AssertErrorAsync(
            await RefreshAsync(client, tokens),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "The refresh token expired.");
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", Text(tokens, "access_token"))),
            HttpStatusCode.BadRequest,
            "invalid_grant");
    }

    [Fact]
    public async Task A_scope_that_the_client_has_lost_ends_the_grant()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var update = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Get, $"/admin/clients/{client.Id}"));
        update["scope"] = "openid offline_access";
        Assert.Equal(HttpStatusCode.OK, (await Hydra.AdminAsync(HttpMethod.Put, $"/admin/clients/{client.Id}", update)).StatusCode);
        await HydraHost.AssertErrorAsync(await RefreshAsync(client, tokens), HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    public async Task Revoking_one_token_revokes_its_grant(string kind)
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var response = await Hydra.PostAsync("/oauth2/revoke", client, ("token", Text(tokens, kind)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(await Hydra.IsActiveAsync(Text(tokens, "access_token")));
        Assert.False(await Hydra.IsActiveAsync(Text(tokens, "refresh_token")));
    }

    [Fact]
    public async Task Revoking_what_is_not_ones_own_changes_nothing_and_says_nothing()
    {
        var client = await Hydra.CreateClientAsync();
        var other = await Hydra.CreateClientAsync();
        var token = Text(await Hydra.GetTokenAsync(client), "access_token");
        Assert.Equal(HttpStatusCode.OK, (await Hydra.PostAsync("/oauth2/revoke", other, ("token", token))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Hydra.PostAsync("/oauth2/revoke", other, ("token", "made.up"))).StatusCode);
        Assert.True(await Hydra.IsActiveAsync(token));
    }

    [Fact]
    public async Task Revocation_authenticates_the_client()
    {
        var client = await Hydra.CreateClientAsync();
        var token = Text(await Hydra.GetTokenAsync(client), "access_token");
        await HydraHost.AssertErrorAsync(
            await Hydra.PostAsync("/oauth2/revoke", (client.Id, "wrong"), ("token", token)),
            HttpStatusCode.Unauthorized,
            "invalid_client");
        await HydraHost.AssertErrorAsync(
            await Hydra.PostAsync("/oauth2/revoke", null, ("token", token)),
            HttpStatusCode.BadRequest,
            "invalid_request");
        Assert.True(await Hydra.IsActiveAsync(token));
    }

    private Task<HttpResponseMessage> RefreshAsync((string Id, string Secret) client, JsonObject tokens) =>
        Hydra.TokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", Text(tokens, "refresh_token")));

    private static string Text(JsonObject answer, string member) => answer[member]!.GetValue<string>();
}
