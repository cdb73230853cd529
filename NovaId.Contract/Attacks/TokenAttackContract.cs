namespace NovaId.Contract.Attacks;

/// <summary>Attempts with tokens and credentials of clients: guessed, altered, of the wrong kind, of someone who is gone.</summary>
public abstract class TokenAttackContract(IZone zone) : AttackContract(zone)
{
    private const string WhoAmI = "/api/me";

    [Theory]
    [InlineData("novaid-api", "novaid-api")]
    [InlineData("novaid-api", "secret")]
    [InlineData("novaid-api", "")]
    [InlineData("novaid-operator", "novaid-operator")]
    [InlineData("novaid-operator", "changeme")]
    [InlineData("NOVAID-OPERATOR", "x")]
    [InlineData("novaid-operator ", "x")]
    [InlineData("novaid-operator\0", "x")]
    [InlineData("' OR '1'='1", "' OR '1'='1")]
    [InlineData("*", "*")]
    [InlineData("", "")]
    public async Task Guessed_credentials_of_a_client_get_no_token(string id, string secret)
    {
        var reply = Discreet(await OAuth2.ClientCredentialsAsync(new(id, secret), "hydra.clients.list", "novaid-gateway"));

        Assert.Equal("invalid_client", reply.Expect(401)["error"].GetString());
        Assert.DoesNotContain("access_token", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_client_and_a_wrong_secret_are_answered_alike()
    {
        var client = await Operator.CreateClientAsync();

        var wrong = await OAuth2.ClientCredentialsAsync(client with { Secret = "wrong" }, "novaid.read");
        var unknown = await OAuth2.ClientCredentialsAsync(new($"contract-{Guid.NewGuid():N}", "wrong"), "novaid.read");

        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Equal(wrong.Body, unknown.Body);
    }

    [Fact]
    public async Task The_right_secret_with_a_letter_more_or_less_or_in_capitals_gets_no_token()
    {
        var client = await Operator.CreateClientAsync();

        foreach (var secret in new[] { client.Secret![1..], client.Secret[..^1], $"{client.Secret}x", client.Secret.ToUpperInvariant() })
        {
            (await OAuth2.ClientCredentialsAsync(client with { Secret = secret }, "novaid.read")).Expect(401);
        }
    }

    [Fact]
    public async Task An_assertion_that_the_client_signed_itself_replaces_no_secret()
    {
        var client = await Operator.CreateClientAsync();
        var claims = new { iss = client.Id, sub = client.Id, aud = $"{Zone.Gateway}oauth2/token", jti = Guid.NewGuid(), exp = 4102444800 };
        var assertion = ForgedToken.SelfSigned(claims, _ => new { alg = "ES256", typ = "JWT", kid = "own" });

        var reply = await Anonymous.PostAsync("/oauth2/token", OAuth2Flows.Form(
            ("grant_type", "client_credentials"),
            ("scope", "novaid.read"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion)));

        Assert.InRange(Discreet(reply).Status, 400, 401);
        Assert.DoesNotContain("access_token", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_the_address_gets_no_token()
    {
        var client = await Operator.CreateClientAsync();
        var query = $"grant_type=client_credentials&scope=novaid.read&client_id={client.Id}&client_secret={client.Secret}";

        var reply = await Anonymous.PostAsync($"/oauth2/token?{query}", OAuth2Flows.Form());

        Assert.InRange(Discreet(reply, client.Secret!).Status, 400, 401);
        Assert.DoesNotContain("access_token", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("other signature")]
    [InlineData("signature of another")]
    [InlineData("no signature")]
    [InlineData("signature alone")]
    [InlineData("other letters")]
    [InlineData("other kind")]
    public async Task An_access_token_that_was_altered_is_none(string alteration)
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");
        var other = await OAuth2.AccessTokenAsync(client, "novaid.read");
        (await Anonymous.WithBearer(token).GetAsync(WhoAmI)).Expect(200);
        var parts = token.Split('.');
        var altered = alteration switch
        {
            "cut" => token[..^1],
            "longer" => $"{token}x",
            "other signature" => $"{parts[0]}.{new string('A', parts[1].Length)}",
            "signature of another" => $"{parts[0]}.{other.Split('.')[1]}",
            "no signature" => $"{parts[0]}.",
            "signature alone" => $".{parts[1]}",
            "other letters" => $"ory_at_{Swap(parts[0]["ory_at_".Length..])}.{parts[1]}",
            "other kind" => token.Replace("ory_at_", "ory_rt_", StringComparison.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(alteration), alteration, "There is no such alteration."),
        };

        var reply = await Anonymous.WithBearer(altered).GetAsync(WhoAmI);

        // Hydra knows a token by its signature and its kind by asking: one that is called a refresh token may be answered as one.
        Assert.Contains(reply.Status, alteration == "other kind" ? (int[])[401, 403] : [401]);
        Discreet(reply, token);
    }

    [Fact]
    public async Task An_access_token_in_the_place_of_another_credential_is_none()
    {
        var token = await Tools.UserTokenAsync();

        await RefusedByGatewayAsync(Anonymous.With("Cookie", $"novaid_session={token}"), "GET", WhoAmI, 401);
        await RefusedByGatewayAsync(Anonymous.With("Authorization", $"Basic {token}"), "GET", WhoAmI, 401);
        await RefusedByGatewayAsync(Anonymous.With("Authorization", token), "GET", WhoAmI, 401);
        await RefusedByGatewayAsync(Anonymous.With("X-Orig-Authorization", $"Bearer {token}"), "GET", WhoAmI, 401);
        await RefusedByGatewayAsync(Anonymous.With("Proxy-Authorization", $"Bearer {token}"), "GET", WhoAmI, 401);
        await RefusedByGatewayAsync(Anonymous, "POST", "/api/documents", 401, OAuth2Flows.Form(("access_token", token)));
    }

    [Fact]
    public async Task A_refresh_token_of_a_deactivated_person_buys_nothing_at_the_API()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"));
        var tokens = await AuthorizeAsync(client, person);
        await Operator.SetStateAsync(person.Id, "inactive");

        // Hydra does not know the person: it is the API that asks.
        var renewed = OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, tokens.Refresh!));

        await RefusedByApiAsync(Anonymous.WithBearer(renewed.Access), "GET", "/api/users", 401, subject: person.Id);
    }

    [Fact]
    public async Task A_token_of_a_person_who_lost_their_rank_keeps_nothing_of_it()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"));
        var tokens = await AuthorizeAsync(client, person);
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/users?pageSize=1")).Expect(200);

        await Operator.TakeRankAsync(person.Id, "General");

        await RefusedByApiAsync(Anonymous.WithBearer(tokens.Access), "GET", "/api/users", 403, subject: person.Id);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("openid offline_access")]
    public async Task A_token_too_narrow_for_anything_does_nothing(string scope)
    {
        var (client, general) = (await Operator.CreateClientAsync(), await SharedPersonAsync("General"));
        var tokens = await AuthorizeAsync(client, general, scope.Split(' '));
        var caller = Anonymous.WithBearer(tokens.Access);

        await RefusedByApiAsync(caller, "GET", "/api/users", 403, subject: general.Id);
        await RefusedByApiAsync(caller, "POST", "/api/documents", 403, new { title = "x", content = "x" }, general.Id);
    }

    [Fact]
    public async Task A_token_that_may_only_write_reads_nothing_by_asking_for_the_head_alone()
    {
        var client = await Operator.CreateClientAsync();
        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.write"));

        (await caller.SendAsync(HttpMethod.Head, WhoAmI)).Expect(403);

        await RefusedByApiAsync(caller, "GET", WhoAmI, 403, subject: $"client:{client.Id}");
    }

    [Fact]
    public async Task A_stranger_revokes_no_token()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");

        Assert.InRange((await Anonymous.PostAsync("/oauth2/revoke", OAuth2Flows.Form(("token", token)))).Status, 400, 401);
        Assert.InRange((await OAuth2.RevokeAsync(client with { Secret = "guessed" }, token)).Status, 400, 401);
        Assert.InRange((await Anonymous.PostAsync("/oauth2/revoke", OAuth2Flows.Form(("token", token), ("client_id", client.Id)))).Status, 400, 401);

        (await Anonymous.WithBearer(token).GetAsync(WhoAmI)).Expect(200);
    }

    [Fact]
    public async Task A_scope_in_other_letters_or_with_more_behind_it_is_not_given()
    {
        var client = await Operator.CreateClientAsync(scope: "novaid.read");

        foreach (var scope in new[] { "NOVAID.READ", "novaid.read.all", "novaid", "novaid.*", "novaid.read novaid.write", "*" })
        {
            var reply = Discreet(await OAuth2.ClientCredentialsAsync(client, scope));

            Assert.Equal("invalid_scope", reply.Expect(400)["error"].GetString());
        }
    }

    [Fact]
    public async Task A_token_of_a_client_whose_name_begins_like_a_key_is_no_key()
    {
        var general = await SharedPersonAsync("General");
        var client = await Operator.CreateClientAsync(id: $"key-{general.Id}-{Guid.NewGuid():N}");

        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));

        await RefusedByApiAsync(caller, "GET", "/api/users", 403, subject: $"client:{client.Id}");
        await RefusedByApiAsync(caller, "GET", "/api/logs", 403, subject: $"client:{client.Id}");
    }

    private static string Swap(string text) => string.Concat(text.Select(letter => letter == 'a' ? 'b' : letter == 'A' ? 'B' : letter)) + "x";
}
