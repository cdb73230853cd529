namespace NovaId.Contract.Sessions;

/// <summary>Login and logout with an app.</summary>
public abstract class LoginContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task The_right_password_gives_a_session_of_its_own()
    {
        var person = await NewPersonAsync();

        var session = await Kratos.LoginAsync(person);

        Assert.NotEqual(person.Session.Id, session.Id);
        var whoAmI = (await Kratos.WhoAmIAsync(session.Token)).Expect(200);
        Assert.Equal(session.Id, whoAmI["id"].GetString());
        Assert.Equal(person.Id, whoAmI["identity.id"].GetString());
        Assert.Equal("password", whoAmI["authentication_methods"][0].GetProperty("method").GetString());
    }

    [Fact]
    public async Task The_address_may_be_written_in_capitals()
    {
        var person = await SharedPersonAsync();

        (await Kratos.LoginAsync(person.Email.ToUpperInvariant(), person.Password)).Expect(200);
    }

    [Fact]
    public async Task A_person_whom_the_operator_made_logs_in()
    {
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());
        (await Operator.CreateIdentityAsync(email, password)).Expect(201);

        (await Kratos.LoginAsync(email, password)).Expect(200);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var person = await SharedPersonAsync();

        var reply = (await Kratos.LoginAsync(person.Email, KratosFlows.NewPassword())).Expect(400);

        Assert.Equal([4000006], KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task An_unknown_address_is_told_the_same_as_a_wrong_password()
    {
        var reply = (await Kratos.LoginAsync(KratosFlows.NewEmail(), KratosFlows.NewPassword())).Expect(400);

        Assert.Equal([4000006], KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task A_person_without_a_password_is_told_the_same_as_a_wrong_one()
    {
        var email = KratosFlows.NewEmail();
        await Operator.CreateIdentityAsync(email);

        var reply = (await Kratos.LoginAsync(email, KratosFlows.NewPassword())).Expect(400);

        Assert.Equal([4000006], KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task An_empty_password_is_refused()
    {
        var person = await SharedPersonAsync();

        var reply = (await Kratos.LoginAsync(person.Email, "")).Expect(400);

        Assert.Contains(4000002, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task An_inactive_person_does_not_log_in()
    {
        var person = await NewPersonAsync();
        await Operator.SetStateAsync(person.Id, "inactive");

        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(401);
    }

    [Fact]
    public async Task A_method_that_does_not_exist_is_refused()
    {
        var form = new { method = "magic", identifier = "a@contract.test", password = "x" };

        (await Anonymous.PostAsync(await Kratos.BeginAsync("login"), form)).Expect(400);
    }

    [Fact]
    public async Task Whoever_has_a_session_logs_in_again_only_on_purpose()
    {
        var person = await SharedPersonAsync();

        var reply = (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/login/api")).Expect(400);
        Assert.Equal("session_already_available", reply["error.id"].GetString());

        (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/login/api?refresh=true")).Expect(200);
    }

    [Fact]
    public async Task A_second_factor_cannot_be_asked_for_without_a_first()
    {
        var reply = (await Anonymous.GetAsync($"{KratosFlows.Root}/self-service/login/api?aal=aal2")).Expect(401);

        Assert.Equal("session_aal1_required", reply["error.id"].GetString());
    }

    [Fact]
    public async Task A_logout_ends_that_session_and_no_other()
    {
        var person = await NewPersonAsync();
        var session = await Kratos.LoginAsync(person);

        (await Kratos.LogoutAsync(session.Token)).Expect(204);

        (await Kratos.WhoAmIAsync(session.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task A_token_that_does_not_exist_cannot_log_out() =>
        (await Kratos.LogoutAsync($"ory_st_{KratosFlows.NewPassword()}")).Expect(403);
}
