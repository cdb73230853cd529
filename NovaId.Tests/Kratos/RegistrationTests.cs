namespace NovaId.Tests.Kratos;

public sealed class RegistrationTests
{
    [Fact]
    public async Task An_api_registration_makes_a_person_and_a_session()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("registration", new
        {
            method = "password",
            password = KratosZone.Password,
            traits = new { email = "Ada@NovaId.local", name = new { first = "Ada" } },
        });

        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("set_ory_session_token", body.At("continue_with.0.action").GetString());
        Assert.Equal(body.Text("session_token"), body.At("continue_with.0.ory_session_token").GetString());
        Assert.Equal("active", body.At("identity.state").GetString());
        Assert.Equal("person", body.At("identity.schema_id").GetString());
        Assert.Equal(KratosZone.PublicAddress + "schemas/cGVyc29u", body.At("identity.schema_url").GetString());
        Assert.Equal("Ada@NovaId.local", body.At("identity.traits.email").GetString());
        Assert.Equal("ada@novaid.local", body.At("identity.verifiable_addresses.0.value").GetString());
        Assert.Equal("sent", body.At("identity.verifiable_addresses.0.status").GetString());
        Assert.Equal("ada@novaid.local", body.At("identity.recovery_addresses.0.value").GetString());
        using var whoami = await zone.WhoAmIAsync(body.Text("session_token"));
        Assert.Equal("sent", (await whoami.JsonAsync()).At("identity.verifiable_addresses.0.status").GetString());
        await zone.LoginAsync("ada@novaid.local");
    }

    [Fact]
    public async Task The_form_has_the_inputs_and_the_order_of_Kratos()
    {
        await using var zone = await KratosZone.StartAsync();
        using var response = await zone.Public.FetchAsync("/self-service/registration/api");

        var flow = await response.JsonAsync();

        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "passkey_register_trigger", "passkey_register",
                "passkey_create_data", "method", "password", "method",
            ],
            flow.Inputs());
        Assert.Equal("email", flow.Input("traits.email").At("attributes.type").GetString());
        Assert.True(flow.Input("traits.email").At("attributes.required").GetBoolean());
        Assert.False(flow.Input("traits.name.first").At("attributes").TryGetProperty("required", out _));
        Assert.Equal("new-password", flow.Input("password").At("attributes.autocomplete").GetString());
        Assert.Equal(1040006, flow.Input("method").At("meta.label.id").GetInt32());
    }

    [Fact]
    public async Task A_page_registers_by_form_and_is_logged_in()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("registration");

        using var response = await browser.PostAsync(flow.At("ui.action").GetString()!, new()
        {
            ["method"] = "password",
            ["password"] = KratosZone.Password,
            ["traits.email"] = "ada@novaid.local",
            ["traits.name.first"] = "Ada",
            ["traits.name.last"] = "",
            ["csrf_token"] = Browser.CsrfToken(flow),
        });

        Assert.Equal(303, (int)response.StatusCode);
        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        var traits = (await whoami.JsonAsync()).At("identity.traits");
        Assert.Equal("Ada", traits.At("name.first").GetString());
        Assert.False(traits.At("name").TryGetProperty("last", out _));
    }

    [Fact]
    public async Task A_script_registers_and_is_told_where_to_go_on()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("registration", "?return_to=http://localhost:4455/accounts/welcome");

        using var response = await browser.PostScriptAsync(flow.At("ui.action").GetString()!, new
        {
            method = "password",
            password = KratosZone.Password,
            traits = new { email = "ada@novaid.local" },
            csrf_token = Browser.CsrfToken(flow),
        });

        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.False(body.TryGetProperty("session_token", out _));
        Assert.Equal("http://localhost:4455/accounts/welcome", body.At("continue_with.0.redirect_browser_to").GetString());
        Assert.True(browser.Cookies.ContainsKey("novaid_session"));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.SubmitAsync("registration", new
        {
            method = "password",
            password = KratosZone.Password,
            traits = new { email = "ADA@novaid.local" },
        });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4000007], (await response.JsonAsync()).GetProperty("ui").MessageIds());
    }

    [Fact]
    public async Task Of_many_registrations_with_one_address_at_once_one_succeeds()
    {
        await using var zone = await KratosZone.StartAsync();
        var body = new { method = "password", password = KratosZone.Password, traits = new { email = "ada@novaid.local" } };

        var responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => zone.SubmitAsync("registration", body)));

        Assert.Single(responses, response => response.IsSuccessStatusCode);
        Assert.Equal(5, responses.Count(response => (int)response.StatusCode == 400));
    }

    [Theory]
    [InlineData("elevenchars", 4000032)]
    [InlineData("ada@novaid.local1", 4000031)]
    public async Task A_weak_password_is_refused(string password, int message)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("registration", new { method = "password", password, traits = new { email = "ada@novaid.local" } });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([message], (await response.JsonAsync()).Input("password").MessageIds());
    }

    [Fact]
    public async Task A_password_that_bcrypt_would_cut_is_refused()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync(
            "registration", new { method = "password", password = new string('é', 37), traits = new { email = "ada@novaid.local" } });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4000033], (await response.JsonAsync()).Input("password").MessageIds());
    }

    [Fact]
    public async Task A_rank_is_no_trait()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync(
            "registration", new { method = "password", password = KratosZone.Password, traits = new { email = "ada@novaid.local", rank = "General" } });

        Assert.Equal(400, (int)response.StatusCode);
        var message = (await response.JsonAsync()).Input("traits").At("messages.0");
        Assert.Equal(4000001, message.GetProperty("id").GetInt32());
        Assert.Equal("additionalProperties \"rank\" not allowed", message.Text("text"));
    }

    [Fact]
    public async Task Each_input_says_what_is_wrong_with_it()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("registration", new
        {
            method = "password",
            password = KratosZone.Password,
            traits = new { email = "not an address", name = new { first = new string('x', 101), last = 7 } },
        });

        Assert.Equal(400, (int)response.StatusCode);
        var flow = await response.JsonAsync();
        Assert.Equal([4000040], flow.Input("traits.email").MessageIds());
        Assert.Equal([4000017], flow.Input("traits.name.first").MessageIds());
        Assert.Equal([4000026], flow.Input("traits.name.last").MessageIds());
        Assert.Equal("not an address", flow.Input("traits.email").At("attributes.value").GetString());
    }

    [Fact]
    public async Task Of_a_member_that_stands_twice_the_last_counts_and_what_follows_is_not_read()
    {
        await using var zone = await KratosZone.StartAsync();
        using var start = await zone.Public.FetchAsync("/self-service/registration/api");
        const string Body = """
            {"method":"code","method":"password","password":"correct horse battery staple",
             "traits":{"email":"a@b.c","name":{"first":"A"},"email":"d@example.org"}} and more
            """;
        using var content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json");

        using var response = await zone.Public.PostAsync(
            "/self-service/registration?flow=" + (await start.JsonAsync()).Text("id"), content, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("d@example.org", (await response.JsonAsync()).At("identity.traits.email").GetString());
    }

    [Theory]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"method\":\"password\",}")]
    [InlineData("[1]")]
    [InlineData("null")]
    public async Task A_body_that_is_no_object_of_JSON_is_refused(string body)
    {
        await using var zone = await KratosZone.StartAsync();
        using var start = await zone.Public.FetchAsync("/self-service/registration/api");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await zone.Public.PostAsync(
            "/self-service/registration?flow=" + (await start.JsonAsync()).Text("id"), content, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4000001], (await response.JsonAsync()).GetProperty("ui").MessageIds());
    }

    [Fact]
    public async Task A_missing_address_and_a_missing_password_are_both_said()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("registration", new { method = "password" });

        var flow = await response.JsonAsync();
        Assert.Equal([4000002], flow.Input("traits.email").MessageIds());
        Assert.Equal([4000002], flow.Input("password").MessageIds());
    }

    [Fact]
    public async Task Whoever_is_logged_in_cannot_register()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.Public.FetchAsync("/self-service/registration/api", token);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("session_already_available", (await response.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task A_submission_without_a_method_finds_no_strategy()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("registration", new { password = KratosZone.Password, traits = new { email = "ada@novaid.local" } });
        using var empty = await zone.SubmitAsync("registration", new { password = KratosZone.Password });

        Assert.Equal([4010003], (await response.JsonAsync()).GetProperty("ui").MessageIds());
        Assert.Equal([4000002], (await empty.JsonAsync()).Input("traits.email").MessageIds());
    }
}
