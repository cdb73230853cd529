namespace NovaId.Contract.Sessions;

/// <summary>The life of a session: what proves it, who ends it, and when it ends by itself.</summary>
public abstract class SessionContract(IZone zone) : ZoneContract(zone)
{
    private const string Sessions = $"{KratosFlows.Root}/sessions";

    [Fact]
    public async Task A_session_lives_for_twelve_hours()
    {
        var person = await SharedPersonAsync();

        var session = (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);

        var life = session["expires_at"].GetDateTimeOffset() - session["authenticated_at"].GetDateTimeOffset();
        Assert.InRange(life, TimeSpan.FromHours(12) - TimeSpan.FromSeconds(10), TimeSpan.FromHours(12) + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Nothing_proves_no_session() => (await Anonymous.GetAsync(KratosFlows.WhoAmI)).Expect(401);

    [Theory]
    [InlineData("X-Session-Token", "ory_st_0123456789abcdefghijklmnopqrstuv")]
    [InlineData("Cookie", "novaid_session=MTIzNDU2Nzg5MHxub3QtYS1jb29raWV8")]
    [InlineData("X-Session-Token", "' OR 1=1 --")]
    public async Task What_was_made_up_proves_no_session(string header, string value) =>
        (await Anonymous.With(header, value).GetAsync(KratosFlows.WhoAmI)).Expect(401);

    [Fact]
    public async Task A_person_lists_their_other_sessions()
    {
        var person = await NewPersonAsync();
        var other = await Kratos.LoginAsync(person);

        var reply = (await person.Caller.GetAsync(Sessions)).Expect(200);

        Assert.Equal([other.Id], reply.Json.EnumerateArray().Select(session => session.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_person_ends_one_of_their_sessions()
    {
        var person = await NewPersonAsync();
        var other = await Kratos.LoginAsync(person);

        (await person.Caller.DeleteAsync($"{Sessions}/{other.Id}")).Expect(204);

        (await Kratos.WhoAmIAsync(other.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task A_person_ends_all_their_other_sessions()
    {
        var person = await NewPersonAsync();
        var other = await Kratos.LoginAsync(person);

        var reply = (await person.Caller.DeleteAsync(Sessions)).Expect(200);

        Assert.Equal(1, reply["count"].GetInt32());
        (await Kratos.WhoAmIAsync(other.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task The_session_one_uses_is_ended_by_logging_out_and_not_by_its_id()
    {
        var person = await SharedPersonAsync();

        (await person.Caller.DeleteAsync($"{Sessions}/{person.Session.Id}")).Expect(400);

        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another()
    {
        var (person, other) = (await SharedPersonAsync(), await NewPersonAsync());

        await person.Caller.DeleteAsync($"{Sessions}/{other.Session.Id}");

        (await Kratos.WhoAmIAsync(other.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_only_with_a_session()
    {
        (await Anonymous.GetAsync(Sessions)).Expect(401);
        (await Anonymous.DeleteAsync(Sessions)).Expect(401);
        (await Anonymous.DeleteAsync($"{Sessions}/{Guid.NewGuid()}")).Expect(401);
    }

    [Fact]
    public async Task The_operator_ends_every_session_of_a_person()
    {
        var person = await NewPersonAsync();
        var other = await Kratos.LoginAsync(person);

        await Operator.RevokeSessionsAsync(person.Id);

        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(other.Token)).Expect(401);
    }

    [Fact]
    public async Task The_operator_lists_the_sessions_of_a_person()
    {
        var person = await SharedPersonAsync("Private");

        var reply = await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities/{person.Id}/sessions");

        var ids = reply.Expect(200).Json.EnumerateArray().Select(session => session.GetProperty("id").GetString());
        Assert.Contains(person.Session.Id, ids);
    }

    [Fact]
    public async Task A_session_that_was_ended_is_refused_by_the_gateway()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);

        await Operator.RevokeSessionsAsync(person.Id);

        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_session_that_ran_out_is_refused()
    {
        Assert.SkipUnless(Zone.CanExpireSessions, $"No session can be made to run out on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);

        await Zone.ExpireSessionAsync(person.Session.Id, TestContext.Current.CancellationToken);

        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task An_inactive_person_is_refused_although_the_session_lives()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);

        await Operator.SetStateAsync(person.Id, "inactive");

        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_person_who_was_deleted_has_no_session()
    {
        var person = await NewPersonAsync();

        (await (await Operator.CallerAsync()).DeleteAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(204);

        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
    }
}
