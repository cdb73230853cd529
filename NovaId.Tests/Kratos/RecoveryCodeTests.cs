using System.Text.Json;

namespace NovaId.Tests.Kratos;

/// <summary>Codes that an administrator hands over.</summary>
public sealed class RecoveryCodeTests
{
    [Fact]
    public async Task A_code_that_is_handed_over_opens_the_account_once()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var login = await zone.LoginAsync("ada@novaid.local");

        var made = await CreateAsync(zone, new { identity_id = person.Text("id"), flow_type = "api" });
        var link = new Uri(made.Text("recovery_link"));
        Assert.Equal("/accounts/recovery", link.AbsolutePath);
        var target = $"/self-service/recovery{link.Query}";
        using var used = await zone.Public.PostJsonAsync(target, new { method = "code", code = made.Text("recovery_code") });
        using var again = await zone.Public.PostJsonAsync(target, new { method = "code", code = made.Text("recovery_code") });

        Assert.Equal(200, (int)used.StatusCode);
        var token = (await used.JsonAsync()).At("continue_with.0.ory_session_token").GetString()!;
        using var whoami = await zone.WhoAmIAsync(token);
        var session = await whoami.JsonAsync();
        Assert.Equal(person.Text("id"), session.At("identity.id").GetString());
        // Handed over, not read in a mail: nothing shows that the address is hers.
        Assert.False(session.At("identity.verifiable_addresses.0.verified").GetBoolean());
        using var older = await zone.WhoAmIAsync(login.Text("session_token"));
        Assert.Equal(401, (int)older.StatusCode);
        // Whoever does not ask for JSON is shown the page of a new flow.
        Assert.Equal(303, (int)again.StatusCode);
        Assert.Equal("/accounts/recovery", again.Headers.Location!.AbsolutePath);
        Assert.Empty(zone.Mailbox.List());
    }

    [Fact]
    public async Task Any_browser_goes_on_with_the_flow_that_was_handed_over()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var made = await CreateAsync(zone, new { identity_id = person.Text("id") });
        var query = new Uri(made.Text("recovery_link")).Query;
        var browser = zone.OpenBrowser();

        using var page = await browser.GetAsync($"/self-service/recovery/flows{query.Replace("?flow=", "?id=", StringComparison.Ordinal)}", script: true);
        Assert.Equal(["code", "method"], (await page.JsonAsync()).Inputs());
        using var done = await browser.PostAsync($"/self-service/recovery{query}", new() { ["method"] = "code", ["code"] = made.Text("recovery_code") });

        Assert.Equal(303, (int)done.StatusCode);
        Assert.Equal("/accounts/settings", done.Headers.Location!.AbsolutePath);
        Assert.True(browser.Cookies.ContainsKey("novaid_session"));
    }

    [Fact]
    public async Task A_code_that_is_handed_over_runs_out_when_it_was_said_to()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var made = await CreateAsync(zone, new { identity_id = person.Text("id"), expires_in = "2h", flow_type = "api" });
        Assert.Equal(zone.Time.GetUtcNow() + TimeSpan.FromHours(2), made.GetProperty("expires_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        var target = $"/self-service/recovery{new Uri(made.Text("recovery_link")).Query}";

        zone.Time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        using var late = await zone.Public.PostJsonAsync(target, new { method = "code", code = made.Text("recovery_code") });

        Assert.Equal(410, (int)late.StatusCode);
        var error = await late.JsonAsync();
        Assert.Equal("self_service_flow_expired", error.ErrorId());
        Assert.Equal("show_recovery_ui", error.At("error.details.continue_with.0.action").GetString());
    }

    [Theory]
    [InlineData("{\"identity_id\":\"11111111-1111-4111-8111-111111111111\"}", 404)]
    [InlineData("{}", 404)]
    [InlineData("{\"identity_id\":\"nobody\"}", 400)]
    [InlineData("{\"identity_id\":\"11111111-1111-4111-8111-111111111111\",\"expires_in\":\"soon\"}", 400)]
    [InlineData("{\"identity_id\":\"11111111-1111-4111-8111-111111111111\",\"expires_in\":\"-1h\"}", 400)]
    [InlineData("{\"identity_id\":\"11111111-1111-4111-8111-111111111111\",\"flow_type\":\"letter\"}", 400)]
    [InlineData("[]", 400)]
    public async Task What_makes_no_sense_is_refused(string body, int status)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Admin.PostJsonAsync("/admin/recovery/code", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Links_are_switched_off()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.Admin.PostJsonAsync("/admin/recovery/link", new { identity_id = person.Text("id") });

        Assert.Equal(404, (int)response.StatusCode);
    }

    private static async Task<JsonElement> CreateAsync(KratosZone zone, object body)
    {
        using var response = await zone.Admin.PostJsonAsync("/admin/recovery/code", body);
        Assert.Equal(201, (int)response.StatusCode);
        return await response.JsonAsync();
    }
}
