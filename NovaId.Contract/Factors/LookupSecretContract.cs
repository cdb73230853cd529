namespace NovaId.Contract.Factors;

/// <summary>Lookup secrets: codes on paper that take the place of a second factor once each.</summary>
public abstract class LookupSecretContract(IZone zone) : FactorContract(zone)
{
    private const int Unknown = 4000016;
    private const int UsedAlready = 4000012;

    [Fact]
    public async Task The_settings_offer_to_make_secrets()
    {
        var person = await NewPersonAsync();

        var settings = await Kratos.ShowAsync("settings", person.Caller);

        Assert.Equal(1050008, settings.Label("lookup_secret_regenerate"));
        Assert.DoesNotContain("lookup_secret_reveal", settings.Names);
        Assert.DoesNotContain("lookup_secret_disable", settings.Names);
    }

    [Fact]
    public async Task Twelve_secrets_are_shown_before_they_hold()
    {
        var person = await NewPersonAsync();
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        var shown = await SaveAsync(person, settings, new { lookup_secret_regenerate = true });

        Assert.Equal("show_form", shown.Json.GetProperty("state").GetString());
        Assert.Equal(1050010, shown.Label("lookup_secret_codes"));
        Assert.Equal(1050011, shown.Label("lookup_secret_confirm"));
        Assert.Equal(12, Secrets(shown).Distinct().Count());
        Assert.All(Secrets(shown), secret => Assert.Matches("^[a-z0-9]{8}$", secret));
        Assert.DoesNotContain("lookup_secret", await CredentialsAsync(person));
        Assert.Equal("aal1", await LevelAsync(person.Session.Token));
    }

    [Fact]
    public async Task Whoever_confirms_the_secrets_has_proved_them_at_once()
    {
        var person = await NewPersonAsync();
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        await SaveAsync(person, settings, new { lookup_secret_regenerate = true });

        var saved = await SaveAsync(person, settings, new { lookup_secret_confirm = true });

        Assert.Contains(1050001, saved.Messages);
        Assert.Equal(1050007, saved.Label("lookup_secret_reveal"));
        Assert.Equal(1050016, saved.Label("lookup_secret_disable"));
        Assert.Contains("lookup_secret", await CredentialsAsync(person));
        Assert.Equal("aal2", await LevelAsync(person.Session.Token));
        Assert.Equal(["password", "lookup_secret"], await MethodsAsync(person.Session.Token));
    }

    [Fact]
    public async Task Secrets_that_were_not_made_cannot_be_confirmed()
    {
        var person = await NewPersonAsync();

        var refused = (await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), new { lookup_secret_confirm = true })).Expect(400);

        Assert.Equal([4000001], KratosFlows.Messages(refused.Json));
        Assert.DoesNotContain("lookup_secret", await CredentialsAsync(person));
    }

    [Fact]
    public async Task Secrets_that_are_not_there_cannot_be_revealed()
    {
        var person = await NewPersonAsync();

        var refused = (await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), new { lookup_secret_reveal = true })).Expect(400);

        Assert.Equal([4000001], KratosFlows.Messages(refused.Json));
    }

    [Fact]
    public async Task A_secret_makes_a_session_strong()
    {
        var person = await NewPersonAsync();
        var secrets = await SetUpLookupSecretsAsync(person);
        var session = await Kratos.LoginAsync(person);
        await ExpectTooWeakAsync(session.Token);
        var login = await Kratos.ShowAsync("login", Anonymous.WithSessionToken(session.Token), "?aal=aal2");
        Assert.Equal(["csrf_token", "lookup_secret", "method"], login.Names);
        Assert.Equal(1010007, login.Label("lookup_secret"));
        Assert.Equal(1010010, login.Label("method"));

        (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = secrets[3] })).Expect(200);

        Assert.Equal("aal2", await LevelAsync(session.Token));
        Assert.Equal(["password", "lookup_secret"], await MethodsAsync(session.Token));
    }

    [Fact]
    public async Task A_secret_is_taken_once()
    {
        var person = await NewPersonAsync();
        var secrets = await SetUpLookupSecretsAsync(person);
        var (first, second) = (await Kratos.LoginAsync(person), await Kratos.LoginAsync(person));
        (await StepUpAsync(first.Token, new { method = "lookup_secret", lookup_secret = secrets[0] })).Expect(200);

        var refused = (await StepUpAsync(second.Token, new { method = "lookup_secret", lookup_secret = secrets[0] })).Expect(400);

        Assert.Contains(UsedAlready, KratosFlows.Messages(refused.Json));
        await ExpectTooWeakAsync(second.Token);
        (await StepUpAsync(second.Token, new { method = "lookup_secret", lookup_secret = secrets[1] })).Expect(200);
    }

    [Fact]
    public async Task A_used_secret_is_not_told_again()
    {
        var person = await NewPersonAsync();
        var secrets = await SetUpLookupSecretsAsync(person);
        var session = await Kratos.LoginAsync(person);
        (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = secrets[0] })).Expect(200);

        var shown = await SaveAsync(person, await Kratos.ShowAsync("settings", person.Caller), new { lookup_secret_reveal = true });

        Assert.Equal(["used", .. secrets.Skip(1)], Secrets(shown));
        var first = shown["lookup_secret_codes"].GetProperty("text").GetProperty("context").GetProperty("secrets")[0];
        Assert.Equal(1050014, first.GetProperty("id").GetInt32());
        Assert.True(first.GetProperty("context").GetProperty("used_at_unix").GetInt64() > 0);
    }

    [Fact]
    public async Task Five_wrong_secrets_are_five_refusals_and_change_nothing()
    {
        var person = await NewPersonAsync();
        var secrets = await SetUpLookupSecretsAsync(person);
        var session = await Kratos.LoginAsync(person);

        for (var i = 0; i < 5; i++)
        {
            var refused = (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = $"wrong{i}00" })).Expect(400);
            Assert.Contains(Unknown, KratosFlows.Messages(refused.Json));
        }

        await ExpectTooWeakAsync(session.Token);
        (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = secrets[0] })).Expect(200);
    }

    [Fact]
    public async Task The_secret_of_somebody_else_is_refused_and_stays_theirs()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        await SetUpLookupSecretsAsync(person);
        var foreign = await SetUpLookupSecretsAsync(other);
        var session = await Kratos.LoginAsync(person);

        var refused = (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = foreign[0] })).Expect(400);

        Assert.Contains(Unknown, KratosFlows.Messages(refused.Json));
        var theirs = await Kratos.LoginAsync(other);
        (await StepUpAsync(theirs.Token, new { method = "lookup_secret", lookup_secret = foreign[0] })).Expect(200);
    }

    [Theory]
    [InlineData("", 4000002)]
    [InlineData("' OR 1=1 --", Unknown)]
    public async Task What_is_no_secret_is_refused(string secret, int message)
    {
        var person = await NewPersonAsync();
        await SetUpLookupSecretsAsync(person);
        var session = await Kratos.LoginAsync(person);

        var refused = (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = secret })).Expect(400);

        Assert.Contains(message, KratosFlows.Messages(refused.Json));
    }

    [Fact]
    public async Task Whoever_has_no_secrets_cannot_use_one()
    {
        var person = await NewPersonAsync();

        var refused = (await StepUpAsync(person.Session.Token, new { method = "lookup_secret", lookup_secret = "abcdefgh" })).Expect(400);

        Assert.Contains(4000014, KratosFlows.Messages(refused.Json));
    }

    [Fact]
    public async Task New_secrets_take_the_place_of_the_old()
    {
        var person = await NewPersonAsync();
        var old = await SetUpLookupSecretsAsync(person);
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        var revealed = await SaveAsync(person, settings, new { lookup_secret_reveal = true });
        Assert.Equal(1050008, revealed.Label("lookup_secret_regenerate"));

        var shown = await SaveAsync(person, settings, new { lookup_secret_regenerate = true });
        await SaveAsync(person, settings, new { lookup_secret_confirm = true });

        var session = await Kratos.LoginAsync(person);
        (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = old[0] })).Expect(400);
        (await StepUpAsync(session.Token, new { method = "lookup_secret", lookup_secret = Secrets(shown)[0] })).Expect(200);
    }

    [Fact]
    public async Task Without_the_secrets_a_password_is_enough_again()
    {
        var person = await NewPersonAsync();
        await SetUpLookupSecretsAsync(person);
        var weak = await Kratos.LoginAsync(person);
        await ExpectTooWeakAsync(weak.Token);

        await SaveAsync(person, await Kratos.ShowAsync("settings", person.Caller), new { lookup_secret_disable = true });

        Assert.DoesNotContain("lookup_secret", await CredentialsAsync(person));
        Assert.Equal("aal1", await LevelAsync(weak.Token));
    }

    [Fact]
    public async Task Secrets_are_shown_and_made_only_soon_after_a_login()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        await SetUpLookupSecretsAsync(person);
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);

        foreach (var form in new object[]
        {
            new { lookup_secret_reveal = true }, new { lookup_secret_regenerate = true }, new { lookup_secret_confirm = true }, new { lookup_secret_disable = true },
        })
        {
            var refused = (await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), form)).Expect(403);
            Assert.Equal("session_refresh_required", refused["error.id"].GetString());
        }

        Assert.Contains("lookup_secret", await CredentialsAsync(person));
    }
}
