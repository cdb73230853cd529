namespace NovaId.Tests.Kratos;

public sealed class InactiveIdentityTests
{
    [Fact]
    public async Task An_inactive_person_cannot_log_in()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local", state: "inactive");

        using var response = await zone.SubmitAsync("login", new { method = "password", identifier = "ada@novaid.local", password = KratosZone.Password });

        Assert.Equal(401, (int)response.StatusCode);
        var error = (await response.JsonAsync()).At("error");
        Assert.Equal("identity is disabled", error.Text("message"));
        Assert.Equal("This account was disabled.", error.Text("reason"));
        Assert.Equal(person.Text("id"), error.At("details.identity_id").GetString());
    }

    [Fact]
    public async Task An_inactive_person_with_a_wrong_password_learns_nothing()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local", state: "inactive");

        using var response = await zone.SubmitAsync("login", new { method = "password", identifier = "ada@novaid.local", password = "something else" });

        Assert.Equal([4000006], (await response.JsonAsync()).GetProperty("ui").MessageIds());
    }

    [Fact]
    public async Task Deactivation_kills_live_sessions_and_activation_gives_them_back_as_in_real_Kratos()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        var path = "/admin/identities/" + person.Text("id");

        using var off = await zone.Admin.SendAsync(HttpMethod.Patch, path, new[] { new { op = "replace", path = "/state", value = "inactive" } });
        using var dead = await zone.WhoAmIAsync(token);
        using var on = await zone.Admin.SendAsync(HttpMethod.Patch, path, new[] { new { op = "replace", path = "/state", value = "active" } });
        using var alive = await zone.WhoAmIAsync(token);

        Assert.Equal("inactive", (await off.JsonAsync()).Text("state"));
        Assert.Equal(401, (int)dead.StatusCode);
        Assert.Equal(200, (int)on.StatusCode);
        Assert.Equal(200, (int)alive.StatusCode);
    }
}
