namespace NovaId.Contract.Api;

/// <summary>The people: who may see them, and page through them.</summary>
public abstract class UserContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_sergeant_sees_a_person_and_their_rank()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Corporal"));

        var user = (await sergeant.Caller.GetAsync($"/api/users/{person.Id}")).Expect(200);

        Assert.Equal(person.Id, user["id"].GetString());
        Assert.Equal(person.Email, user["email"].GetString());
        Assert.Equal("active", user["state"].GetString());
        Assert.Equal("Corporal", user["rank"].GetString());
        Assert.InRange(user["createdAt"].GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task A_person_shows_no_secret()
    {
        var sergeant = await SharedPersonAsync("Sergeant");

        var body = (await sergeant.Caller.GetAsync($"/api/users/{sergeant.Id}")).Expect(200).Body;

        Assert.DoesNotContain("credentials", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("password", body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_person_who_does_not_exist_is_not_found() =>
        (await (await SharedPersonAsync("Sergeant")).Caller.GetAsync($"/api/users/{Guid.NewGuid()}")).ExpectProblem(404);

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("1")]
    [InlineData("00000000-0000-4000-8000-00000000000G")]
    [InlineData("{00000000-0000-4000-8000-000000000000}")]
    public async Task A_bad_id_is_refused(string id) =>
        (await (await SharedPersonAsync("Sergeant")).Caller.GetAsync($"/api/users/{id}")).ExpectProblem(400);

    [Fact]
    public async Task Whoever_may_not_see_people_does_not_learn_whether_one_exists()
    {
        var corporal = await SharedPersonAsync("Corporal");

        (await corporal.Caller.GetAsync($"/api/users/{corporal.Id}")).ExpectProblem(403);
        (await corporal.Caller.GetAsync($"/api/users/{Guid.NewGuid()}")).ExpectProblem(403);
    }

    [Fact]
    public async Task Pages_hold_every_person_once()
    {
        var sergeant = await SharedPersonAsync("Sergeant");
        var people = new HashSet<string>();
        for (var count = 0; count < 3; count++)
        {
            people.Add(await Operator.CreateIdentityAsync());
        }

        var seen = await sergeant.Caller.ListAsync("/api/users", pageSize: 40);

        // Other cases make people meanwhile, so pages may shift; these three were there from the start.
        Assert.Equal(3, seen.Count(people.Contains));
    }

    [Theory]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=101")]
    [InlineData("pageSize=-1")]
    [InlineData("pageSize=ten")]
    [InlineData("pageSize=")]
    [InlineData("pageToken=forged")]
    [InlineData("pageToken=%27%3B--")]
    [InlineData("pageSize=1&pageSize=2")]
    public async Task A_bad_page_is_refused(string query) =>
        (await (await SharedPersonAsync("Sergeant")).Caller.GetAsync($"/api/users?{query}")).ExpectProblem(400);

    [Fact]
    public async Task The_members_of_a_rank_are_listed()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Colonel"));

        var seen = await sergeant.Caller.ListAsync("/api/ranks/Colonel/members");

        Assert.Contains(person.Id, seen);
        Assert.DoesNotContain(sergeant.Id, seen);
    }

    [Theory]
    [InlineData("Marshal")]
    [InlineData("general")]
    [InlineData("8")]
    public async Task A_rank_that_does_not_exist_is_not_found(string rank)
    {
        var general = await SharedPersonAsync("General");

        (await general.Caller.GetAsync($"/api/ranks/{rank}/members")).ExpectProblem(404);
        (await general.Caller.GetAsync($"/api/ranks/{rank}/access")).ExpectProblem(404);
    }
}
