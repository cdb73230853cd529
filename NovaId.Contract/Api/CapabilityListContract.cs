namespace NovaId.Contract.Api;

/// <summary>The list of capabilities and ranks says what Keto decides.</summary>
public abstract class CapabilityListContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Each_capability_names_its_rank_and_every_higher_one()
    {
        var list = (await (await SharedPersonAsync("Sergeant")).Caller.GetAsync("/api/capabilities")).Expect(200);

        var capabilities = list["capabilities"].EnumerateArray().ToDictionary(
            capability => capability.GetProperty("name").GetString()!,
            capability => capability.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetString()!).ToList());
        Assert.Equal(Ranks.Capabilities.Keys.Order(), capabilities.Keys.Order());
        foreach (var (capability, lowest) in Ranks.Capabilities)
        {
            Assert.Equal(Ranks.All.Where(rank => Ranks.AtLeast(rank, lowest)).Order(), capabilities[capability].Order());
        }
    }

    [Fact]
    public async Task Whoever_may_not_see_people_does_not_see_who_may_do_what() =>
        (await (await SharedPersonAsync("Corporal")).Caller.GetAsync("/api/capabilities")).ExpectProblem(403);
}
