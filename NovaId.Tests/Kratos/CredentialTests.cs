using OtpNet;

namespace NovaId.Tests.Kratos;

/// <summary>What an administrator sees of credentials and takes away; and codes against a clock that the test turns.</summary>
public sealed class CredentialTests
{
    [Fact]
    public async Task An_administrator_takes_a_second_factor_away()
    {
        await using var zone = await KratosZone.StartAsync();
        var id = (await zone.CreatePersonAsync("ada@novaid.local")).Text("id");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        await SetUpAppAsync(zone, token);
        await SetUpSecretsAsync(zone, token);
        var weak = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        Assert.Equal(403, (int)(await zone.WhoAmIAsync(weak)).StatusCode);

        Assert.Equal(204, await DeleteAsync(zone, id, "totp"));
        Assert.Equal(403, (int)(await zone.WhoAmIAsync(weak)).StatusCode);
        Assert.Equal(204, await DeleteAsync(zone, id, "lookup_secret"));
        Assert.Equal(200, (int)(await zone.WhoAmIAsync(weak)).StatusCode);
        Assert.Equal(404, await DeleteAsync(zone, id, "totp"));
    }

    [Theory]
    [InlineData("passkey", 404)]
    [InlineData("code", 400)]
    [InlineData("nonsense", 404)]
    public async Task Other_credentials_stay(string type, int status)
    {
        await using var zone = await KratosZone.StartAsync();
        var id = (await zone.CreatePersonAsync("ada@novaid.local")).Text("id");

        Assert.Equal(status, await DeleteAsync(zone, id, type));

        await zone.LoginAsync("ada@novaid.local");
    }

    [Fact]
    public async Task A_password_goes_while_a_code_by_e_mail_is_left()
    {
        await using var zone = await KratosZone.StartAsync();
        var id = (await zone.CreatePersonAsync("ada@novaid.local")).Text("id");

        Assert.Equal(204, await DeleteAsync(zone, id, "password"));

        using var refused = await zone.SubmitAsync("login", new { method = "password", identifier = "ada@novaid.local", password = KratosZone.Password });
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Equal(400, await DeleteAsync(zone, id, "password"));
    }

    [Fact]
    public async Task Nobody_takes_away_what_belongs_to_no_one()
    {
        await using var zone = await KratosZone.StartAsync();

        Assert.Equal(404, await DeleteAsync(zone, Guid.NewGuid().ToString(), "totp"));
    }

    [Fact]
    public async Task A_credential_is_shown_whole_only_to_who_asks_for_it()
    {
        await using var zone = await KratosZone.StartAsync();
        var id = (await zone.CreatePersonAsync("ada@novaid.local")).Text("id");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        var secret = await SetUpAppAsync(zone, token);

        using var brief = await zone.Admin.FetchAsync($"/admin/identities/{id}");
        using var whole = await zone.Admin.FetchAsync($"/admin/identities/{id}?include_credential=totp");

        Assert.DoesNotContain(secret, await brief.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var url = (await whole.JsonAsync()).At("credentials.totp.config").Text("totp_url");
        Assert.Equal($"otpauth://totp/NovaId:ada@novaid.local?algorithm=SHA1&digits=6&issuer=NovaId&period=30&secret={secret}", url);
    }

    [Theory]
    [InlineData(-60, 400)]
    [InlineData(-30, 200)]
    [InlineData(0, 200)]
    [InlineData(30, 200)]
    [InlineData(60, 400)]
    public async Task A_code_is_good_for_the_step_before_and_the_one_after(int seconds, int status)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var first = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        var secret = await SetUpAppAsync(zone, first);
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await StepUpAsync(zone, token, new { method = "totp", totp_code = Code(secret, zone.Time.GetUtcNow().AddSeconds(seconds)) });

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Of_two_who_use_a_secret_at_the_same_time_one_does()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var secret = await SetUpSecretsAsync(zone, (await zone.LoginAsync("ada@novaid.local")).Text("session_token"));
        var tokens = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            tokens.Add((await zone.LoginAsync("ada@novaid.local")).Text("session_token"));
        }

        var answers = await Task.WhenAll(tokens.Select(token => StepUpAsync(zone, token, new { method = "lookup_secret", lookup_secret = secret })));

        Assert.Single(answers, answer => (int)answer.StatusCode == 200);
    }

    private static async Task<int> DeleteAsync(KratosZone zone, string id, string type)
    {
        using var response = await zone.Admin.SendAsync(HttpMethod.Delete, $"/admin/identities/{id}/credentials/{type}");
        return (int)response.StatusCode;
    }

    private static async Task<HttpResponseMessage> StepUpAsync(KratosZone zone, string token, object form)
    {
        using var start = await zone.Public.FetchAsync("/self-service/login/api?aal=aal2", token);
        return await zone.Public.PostJsonAsync($"/self-service/login?flow={(await start.JsonAsync()).Text("id")}", form, token);
    }

    /// <returns>The secret of the app.</returns>
    private static async Task<string> SetUpAppAsync(KratosZone zone, string token)
    {
        using var start = await zone.Public.FetchAsync("/self-service/settings/api", token);
        var flow = await start.JsonAsync();
        var secret = flow.Input("totp_secret_key").At("attributes.text").Text("text");
        var form = new { method = "totp", totp_code = Code(secret, zone.Time.GetUtcNow()) };
        using var saved = await zone.Public.PostJsonAsync($"/self-service/settings?flow={flow.Text("id")}", form, token);
        Assert.Equal(200, (int)saved.StatusCode);
        return secret;
    }

    /// <returns>The first secret.</returns>
    private static async Task<string> SetUpSecretsAsync(KratosZone zone, string token)
    {
        using var start = await zone.Public.FetchAsync("/self-service/settings/api", token);
        var address = $"/self-service/settings?flow={(await start.JsonAsync()).Text("id")}";
        using var shown = await zone.Public.PostJsonAsync(address, new { lookup_secret_regenerate = true }, token);
        using var saved = await zone.Public.PostJsonAsync(address, new { lookup_secret_confirm = true }, token);
        Assert.Equal(200, (int)saved.StatusCode);
        return (await shown.JsonAsync()).Input("lookup_secret_codes").At("attributes.text").Text("text").Split(", ")[0];
    }

    private static string Code(string secret, DateTimeOffset at) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(at.UtcDateTime);
}
