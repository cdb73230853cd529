namespace NovaId.Contract.Api;

/// <summary>Finding people by address, rank and state.</summary>
public abstract class UserSearchContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_person_is_found_by_their_address_with_their_rank()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Corporal"));

        var found = (await sergeant.Caller.GetAsync($"/api/users/search?email={Uri.EscapeDataString(person.Email)}")).Expect(200);

        Assert.Equal([person.Id], found.Strings("items", "id"));
        Assert.Equal(["Corporal"], found.Strings("items", "rank"));
        Assert.Null(found["nextPageToken"].GetString());
    }

    [Fact]
    public async Task Part_of_an_address_finds_nobody()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync());

        var found = (await sergeant.Caller.GetAsync($"/api/users/search?email={Uri.EscapeDataString(person.Email[..^1])}")).Expect(200);

        Assert.Equal(0, found["items"].GetArrayLength());
    }

    [Fact]
    public async Task All_that_is_named_must_hold()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Corporal"));
        var email = Uri.EscapeDataString(person.Email);

        Assert.Equal(1, await CountAsync(sergeant, $"email={email}&rank=Corporal&state=active"));
        Assert.Equal(0, await CountAsync(sergeant, $"email={email}&rank=Private"));
        Assert.Equal(0, await CountAsync(sergeant, $"email={email}&state=inactive"));
    }

    [Fact]
    public async Task Those_who_were_deactivated_are_found_by_their_state()
    {
        var (sergeant, person) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Captain"));
        await Operator.SetStateAsync(person.Id, "inactive");

        Assert.Contains(person.Id, await FindAllAsync(sergeant, "rank=Captain&state=inactive"));
        Assert.DoesNotContain(person.Id, await FindAllAsync(sergeant, "rank=Captain&state=active"));
    }

    [Fact]
    public async Task A_page_says_the_rank_of_each_person_on_it()
    {
        var (sergeant, ranked, without) = (await SharedPersonAsync("Sergeant"), await NewPersonAsync("Lieutenant"), await NewPersonAsync());
        var ranks = new Dictionary<string, string?>();
        string? token = null;
        do
        {
            var page = (await sergeant.Caller.GetAsync("/api/users/search?pageSize=30" + (token is null ? "" : $"&pageToken={token}"))).Expect(200);
            foreach (var user in page["items"].EnumerateArray())
            {
                ranks[user.GetProperty("id").GetString()!] = user.GetProperty("rank").GetString();
            }

            token = page["nextPageToken"].GetString();
        }
        while (token is not null);

        Assert.Equal("Lieutenant", ranks[ranked.Id]);
        Assert.Null(ranks[without.Id]);
    }

    [Theory]
    [InlineData("rank=Marshal")]
    [InlineData("rank=general")]
    [InlineData("state=asleep")]
    [InlineData("state=")]
    [InlineData("email=")]
    [InlineData("email=a%00b")]
    [InlineData("state=active&state=inactive")]
    [InlineData("pageToken=forged")]
    public async Task A_bad_search_is_refused(string query) =>
        (await (await SharedPersonAsync("Sergeant")).Caller.GetAsync($"/api/users/search?{query}")).ExpectProblem(400);

    private static async Task<int> CountAsync(Person caller, string query) =>
        (await caller.Caller.GetAsync($"/api/users/search?{query}")).Expect(200)["items"].GetArrayLength();

    private static async Task<IReadOnlyList<string?>> FindAllAsync(Person caller, string query)
    {
        var found = new List<string?>();
        string? token = null;
        do
        {
            var page = (await caller.Caller.GetAsync($"/api/users/search?pageSize=100&{query}" + (token is null ? "" : $"&pageToken={token}"))).Expect(200);
            found.AddRange(page.Strings("items", "id"));
            token = page["nextPageToken"].GetString();
        }
        while (token is not null);

        return found;
    }
}
