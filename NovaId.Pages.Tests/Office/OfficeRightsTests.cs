using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Office;

/// <summary>Each action at each rank: a page offers it exactly where the API, asked with the same cookie, allows it.</summary>
public sealed class OfficeRightsTests(BrowserZone zone)
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
        var somebody = await NewPersonAsync(null);

        await officer.OpenAsync("/admin/");
        foreach (var (page, api) in OfficeActions.Pages)
        {
            Add(offered, page, await officer.Page.Locator($"nav a[href='{page}']").CountAsync() > 0);
            Add(allowed, page, await AllowsAsync(officer, "GET", api, somebody, null));
        }

        foreach (var rank in (string?[])[null, "Private", "Captain", "Colonel", "General"])
        {
            var person = rank is null ? somebody : await NewPersonAsync(rank);
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
        var colonel = await NewPersonAsync("Colonel");
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

    private async Task<string> NewPersonAsync(string? rank)
    {
        var id = await zone.Operator.CreatePersonAsync(zone.NewEmail(), BrowserZone.Password);
        if (rank is not null)
        {
            await zone.Operator.SetRankAsync(id, rank);
        }

        return id;
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
