namespace NovaId.Contract.Api;

/// <summary>Deactivating people and ending their sessions: only by whoever commands them.</summary>
public abstract class DeactivationContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_colonel_deactivates_a_person_whose_sessions_end()
    {
        var person = await NewPersonAsync("Private");
        var other = await Kratos.LoginAsync(person);

        var reply = await SetStateAsync("Colonel", person, "inactive");

        Assert.Equal("inactive", reply.Expect(200)["state"].GetString());
        Assert.Equal("Private", reply["rank"].GetString());
        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
        (await Kratos.WhoAmIAsync(other.Token)).Expect(401);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(401);
    }

    [Fact]
    public async Task Whoever_is_activated_again_logs_in_again()
    {
        var person = await NewPersonAsync();
        (await SetStateAsync("Colonel", person, "inactive")).Expect(200);

        (await SetStateAsync("Colonel", person, "active")).Expect(200);

        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
        var session = await Kratos.LoginAsync(person);
        (await Anonymous.WithSessionToken(session.Token).GetAsync("/api/me")).Expect(200);
    }

    [Theory]
    [InlineData("Colonel", "Colonel")]
    [InlineData("Colonel", "General")]
    [InlineData("General", "General")]
    [InlineData("Major", "Private")]
    [InlineData("Major", null)]
    public async Task Nobody_deactivates_a_person_they_may_not(string caller, string? rank)
    {
        var person = await NewPersonAsync(rank);

        (await SetStateAsync(caller, person, "inactive")).ExpectProblem(403);

        (await person.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task Nobody_deactivates_themselves()
    {
        var general = await NewPersonAsync("General");

        (await general.Caller.PatchAsync($"/api/users/{general.Id}", new { state = "inactive" })).ExpectProblem(403);

        (await general.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Theory]
    [InlineData("""{"state":"deleted"}""")]
    [InlineData("""{"state":"Inactive"}""")]
    [InlineData("""{"state":null}""")]
    [InlineData("""{}""")]
    [InlineData("""{"state":"inactive","rank":"General"}""")]
    public async Task What_is_no_state_is_refused_and_changes_nothing(string content)
    {
        var person = await NewPersonAsync();
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync("General")).Caller.PatchAsync($"/api/users/{person.Id}", json)).ExpectProblem(400);

        (await person.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_major_ends_the_sessions_of_a_person()
    {
        var person = await NewPersonAsync("Captain");

        (await (await SharedPersonAsync("Major")).Caller.DeleteAsync($"/api/users/{person.Id}/sessions")).Expect(204);

        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
        await Kratos.LoginAsync(person);
    }

    [Theory]
    [InlineData("Major", "Major")]
    [InlineData("Major", "Colonel")]
    [InlineData("Captain", "Private")]
    [InlineData("Captain", null)]
    public async Task Nobody_ends_the_sessions_of_a_person_they_may_not(string caller, string? rank)
    {
        var person = await NewPersonAsync(rank);

        (await (await SharedPersonAsync(caller)).Caller.DeleteAsync($"/api/users/{person.Id}/sessions")).ExpectProblem(403);

        (await person.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task Nobody_ends_their_own_sessions_here()
    {
        var major = await NewPersonAsync("Major");

        (await major.Caller.DeleteAsync($"/api/users/{major.Id}/sessions")).ExpectProblem(403);

        (await major.Caller.GetAsync("/api/me")).Expect(200);
    }

    private async Task<Reply> SetStateAsync(string caller, Person person, string state) =>
        await (await SharedPersonAsync(caller)).Caller.PatchAsync($"/api/users/{person.Id}", new { state });
}
