namespace NovaId.Tests.Kratos;

public sealed class PublicEndpointTests
{
    [Fact]
    public async Task The_schema_is_published_under_its_id_and_under_its_address()
    {
        await using var zone = await KratosZone.StartAsync();

        using var list = await zone.Public.FetchAsync("/schemas");
        using var byId = await zone.Public.FetchAsync("/schemas/person");
        using var byAddress = await zone.Public.FetchAsync("/schemas/cGVyc29u");
        using var unknown = await zone.Public.FetchAsync("/schemas/robot");

        Assert.Equal("person", (await list.JsonAsync()).At("0.id").GetString());
        Assert.Equal("1", list.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal("Person", (await byId.JsonAsync()).Text("title"));
        Assert.Equal("Person", (await byAddress.JsonAsync()).Text("title"));
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Theory]
    [InlineData("/health/alive")]
    [InlineData("/health/ready")]
    public async Task Both_ports_tell_that_they_are_well(string path)
    {
        await using var zone = await KratosZone.StartAsync();

        foreach (var client in new[] { zone.Public, zone.Admin })
        {
            using var response = await client.FetchAsync(path);
            Assert.Equal("ok", (await response.JsonAsync()).Text("status"));
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task The_version_is_told_to_administrators()
    {
        await using var zone = await KratosZone.StartAsync();

        using var admin = await zone.Admin.FetchAsync("/version");
        using var everyone = await zone.Public.FetchAsync("/version");

        Assert.Equal("v26.2.0", (await admin.JsonAsync()).Text("version"));
        Assert.Equal(404, (int)everyone.StatusCode);
    }

    [Theory]
    [InlineData("/sessions/token-exchange", "session token")]
    public async Task A_contract_that_the_emulator_does_not_have_answers_501_and_names_itself(string path, string name)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.FetchAsync(path);

        Assert.Equal(501, (int)response.StatusCode);
        Assert.Contains(name, (await response.JsonAsync()).At("error.reason").GetString());
    }

    [Theory]
    [InlineData("/nowhere", 404)]
    [InlineData("/Sessions/whoami", 404)]
    [InlineData("/sessions/whoami/", 404)]
    [InlineData("/self-service/logout/api", 405)]
    public async Task What_Kratos_does_not_know_is_not_known_here(string path, int status)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.FetchAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_public_port_does_not_administrate()
    {
        await using var zone = await KratosZone.StartAsync();

        using var identities = await zone.Public.FetchAsync("/admin/identities?page_size=1");
        using var sessions = await zone.Public.FetchAsync("/admin/sessions");

        Assert.Equal(307, (int)identities.StatusCode);
        Assert.Equal("http://kratos:4434/admin/identities?page_size=1", identities.Headers.Location!.ToString());
        Assert.Equal(404, (int)sessions.StatusCode);
    }

    [Fact]
    public async Task An_error_that_never_was_is_not_found()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.FetchAsync($"/self-service/errors?id={Guid.NewGuid()}");

        Assert.Equal(404, (int)response.StatusCode);
    }
}
