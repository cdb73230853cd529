using Microsoft.Playwright;
using NovaId.Admin.Rights;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Office;

/// <summary>Each action at each rank: a page offers it exactly where the API, asked with the same cookie, allows it.</summary>
public abstract class OfficeRightsTests(BrowserZone zone)
{
    private static readonly string[] Ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    public static TheoryData<string> Holders => [.. Ranks, "none"];

    [Theory]
    [MemberData(nameof(Holders))]
    public async Task What_a_page_offers_is_what_the_API_allows(string holder)
    {
        await zone.EnsureReadyAsync();
        await using var officer = await zone.OfficerAsync(holder == "none" ? null : holder, javaScript: false);
        var offered = new SortedSet<string>(StringComparer.Ordinal);
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        var (somebody, _) = await zone.NewPersonAsync();

        await officer.OpenAsync("/admin/");
        foreach (var (page, api) in OfficeActions.Pages)
        {
            Add(offered, page, await officer.Page.Locator($"nav a[href='{page}']").CountAsync() > 0);
            Add(allowed, page, await AllowsAsync(officer, "GET", api, somebody, null));
        }

        foreach (var rank in (string?[])[null, "Private", "Captain", "Colonel", "General"])
        {
            var person = rank is null ? somebody : (await zone.NewPersonAsync(rank)).Id;
            await officer.OpenAsync($"/admin/people/{person}");
            foreach (var (form, method, api, body) in OfficeActions.Forms(rank))
            {
                var name = $"{form} of {rank ?? "nobody"}";
                Add(offered, name, await officer.Page.Locator($"form[action='/admin/people/{person}{form}']").CountAsync() > 0);
                Add(allowed, name, await AllowsAsync(officer, method, api, person, body));
            }
        }

        Assert.Equal(allowed, offered);
        Assert.Equal(holder == "General", offered.Contains("/admin/keys"));
    }

    [Fact]
    public async Task The_capabilities_of_the_pages_are_the_API_s_and_each_has_its_words()
    {
        await using var general = await zone.OfficerAsync("General");
        var answer = await (await general.Context.APIRequest.GetAsync(new Uri(zone.Address, "/api/capabilities").ToString())).JsonAsync();
        var matrix = answer!.Value.GetProperty("capabilities").EnumerateArray().ToList();
        var capabilities = matrix.Select(capability => capability.GetProperty("name").GetString()!).ToList();
        Assert.Equal(capabilities.Order(), Capability.All.Order());
        Assert.Equal(Ranks.Order(), matrix.SelectMany(capability => capability.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetString()!)).Append("Private").Append("Corporal").Distinct().Order());
        Assert.Equal(Ranks, RankNames.HighestFirst);
        Assert.All(capabilities, capability =>
        {
            Assert.NotEqual(capability, Admin.Ranks.CapabilityTexts.Of(capability));
            Assert.NotEqual(capability, Accounts.Consent.ScopeTexts.Capability(capability));
        });
        await general.OpenAsync("/admin/ranks");
        foreach (var capability in matrix)
        {
            var row = general.Page.Locator($".matrix tr:has(th code:text-is('{capability.GetProperty("name").GetString()}'))");
            Assert.Equal(capability.GetProperty("ranks").GetArrayLength(), await row.Locator("td.yes").CountAsync());
        }
    }

    [Theory]
    [InlineData("Captain", "/admin/log")]
    [InlineData("Captain", "/admin/statistics")]
    [InlineData("Captain", "/admin/chain")]
    [InlineData("Captain", "/admin/chain?check=now")]
    [InlineData("Major", "/admin/why")]
    [InlineData("Major", "/admin/why?who=x@example.org&what=Rank:Major:atLeast")]
    [InlineData("Colonel", "/admin/keys")]
    [InlineData("Corporal", "/admin/people")]
    [InlineData("Corporal", "/admin/ranks")]
    public async Task Whoever_opens_a_page_by_its_address_is_refused_by_the_API(string rank, string path)
    {
        await using var officer = await zone.OfficerAsync(rank);
        var answer = await officer.OpenAsync(path);
        Assert.Equal(403, answer.Status);
        await officer.SeesAsync("You may not do this");
    }

    [Fact]
    public async Task Whoever_sends_a_form_that_was_not_shown_is_refused_by_the_API()
    {
        await using var major = await zone.OfficerAsync("Major");
        var (colonel, _) = await zone.NewPersonAsync("Colonel");
        var answer = await major.Context.APIRequest.PostAsync(
            new Uri(zone.Address, $"/admin/people/{colonel}/rank").ToString(),
            new APIRequestContextOptions
            {
                Headers = new Dictionary<string, string> { ["Origin"] = zone.Address.GetLeftPart(UriPartial.Authority), ["Accept"] = "text/html" },
                Form = major.Context.APIRequest.CreateFormData().Set("rank", "Private"),
                MaxRedirects = 0,
            });
        Assert.Equal(403, answer.Status);
        Assert.Contains("rank Colonel", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static void Add(SortedSet<string> set, string name, bool isIn)
    {
        if (isIn)
        {
            set.Add(name);
        }
    }

    private async Task<bool> AllowsAsync(BrowserVisitor officer, string method, string api, string person, object? body)
    {
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, api, person);
        var answer = await officer.Context.APIRequest.FetchAsync(
            new Uri(zone.Address, $"/api/{path}").ToString(),
            new APIRequestContextOptions { Method = method, DataObject = body });
        Assert.True(answer.Status is >= 200 and < 300 or 403, $"{method} {path}: {answer.Status} {await answer.TextAsync()}");
        return answer.Status != 403;
    }
}
