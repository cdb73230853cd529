using System.Net;
using NovaId.Admin.Rights;
using NovaId.Pages;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.People;

/// <summary>The people: find them, look at one, and change what the API lets this officer change.</summary>
internal static class PeopleEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/people";

    private const int PageSize = 25;
    private const string NoRank = "none";

    public static string PathOf(string id) => $"{Path}/{id}";

    public static void MapPeople(this IEndpointRouteBuilder pages)
    {
        var people = pages.MapGroup(Path).RequireSession();
        people.MapGet("", ListAsync);
        people.MapGet("/{id:guid}", ShowAsync);
        people.MapPost("/{id:guid}/rank", SetRankAsync);
        people.MapPost("/{id:guid}/state", SetStateAsync);
        people.MapPost("/{id:guid}/sessions/end", EndSessionsAsync);
        people.MapPost("/{id:guid}/second-factor/remove", RemoveSecondFactorAsync);
        people.MapPost("/{id:guid}/recovery", RecoverAsync);

        // Whoever logs in on the way to one of the forms comes back with GET.
        people.MapGet("/{id:guid}/{**action}", (Guid id) => Page.Go(PathOf($"{id}")));
    }

    private static async Task<IResult> ListAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        var filter = PeopleFilter.Read(http.Request.Query);
        var token = http.Request.Query["page"].ToString();
        var list = await rights.BesideAsync(gateway.GetApiAsync(http, filter.Query(PageSize, token), PeopleJson.Default.PeopleList));
        var next = list.NextPageToken is { } page ? filter.Address(page) : null;
        return Page.Show<PeoplePage, PeopleModel>(new PeopleModel(list.Items, filter, next, token.Length == 0));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, Visitor visitor, RightsReader rights, GatewayClient gateway)
    {
        var asked = visitor.FindSessionAsync();
        var person = await rights.BesideAsync(gateway.GetApiAsync(http, $"users/{id}", PeopleJson.Default.Person));
        var may = await rights.FindAsync();
        var isSelf = (await asked).Session?.Identity?.Id == person.Id;
        var keys = may.Has(Capability.ManageKeys)
            ? gateway.GetApiAsync(http, $"keys?owner={id}&pageSize=100", PeopleJson.Default.OwnedKeys)
            : null;
        var access = !isSelf && may.Has(Capability.EditUsers) && may.Command(person.Rank)
            ? gateway.GetApiAsync(http, $"users/{id}/access", PeopleJson.Default.PersonAccess)
            : null;
        await Task.WhenAll(new Task?[] { keys, access }.OfType<Task>());
        var done = http.Request.Query["done"].ToString() switch
        {
            "rank" => person.Rank is { } rank ? Texts.Person_RankDone.Fill(rank) : Texts.Person_NoRankDone,
            "state" => person.IsActive ? Texts.Person_Activated : Texts.Person_Deactivated,
            "sessions" => Texts.Person_SessionsEnded,
            "factor" => Texts.Person_FactorRemoved,
            _ => null,
        };
        return Page.Show<PersonPage, PersonModel>(new PersonModel(
            person, may, isSelf, keys is null ? null : (await keys).Items, access is null ? null : await access, http.Request.Query["rank"], done));
    }

    private static async Task<IResult> SetRankAsync(HttpContext http, Guid id, GatewayClient gateway)
    {
        var chosen = (await http.Request.ReadFormAsync(http.RequestAborted))["rank"].ToString();
        var change = new RankChange(chosen == NoRank ? null : chosen);
        return await DoAsync(
            id,
            "rank",
            $"?rank={Uri.EscapeDataString(chosen)}",
            () => gateway.SendApiAsync(http, HttpMethod.Put, $"users/{id}/rank", Body(change)));

        static HttpContent Body(RankChange change) => System.Net.Http.Json.JsonContent.Create(change, PeopleJson.Default.RankChange);
    }

    private static async Task<IResult> SetStateAsync(HttpContext http, Guid id, GatewayClient gateway)
    {
        var state = (await http.Request.ReadFormAsync(http.RequestAborted))["state"].ToString();
        using var body = System.Net.Http.Json.JsonContent.Create(new StateChange(state), PeopleJson.Default.StateChange);
        return await DoAsync(id, "state", "", () => gateway.SendApiAsync(http, HttpMethod.Patch, $"users/{id}", body));
    }

    private static Task<IResult> EndSessionsAsync(HttpContext http, Guid id, GatewayClient gateway) =>
        DoAsync(id, "sessions", "", () => gateway.SendApiAsync(http, HttpMethod.Delete, $"users/{id}/sessions"));

    private static Task<IResult> RemoveSecondFactorAsync(HttpContext http, Guid id, GatewayClient gateway) =>
        DoAsync(id, "factor", "", () => gateway.SendApiAsync(http, HttpMethod.Delete, $"users/{id}/second-factor"));

    private static async Task<IResult> RecoverAsync(HttpContext http, Guid id, GatewayClient gateway)
    {
        try
        {
            var code = (await gateway.SendApiAsync(http, HttpMethod.Post, $"users/{id}/recovery")).Read(PeopleJson.Default.RecoveryCode);
            return Page.Show<RecoveryPage, RecoveryModel>(new RecoveryModel(PathOf($"{id}"), code));
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, PathOf($"{id}")) is { } stepUp)
        {
            return stepUp;
        }
    }

    /// <summary>Has the API do it, and comes back to the person; by way of a new login where the API asks for one.</summary>
    private static async Task<IResult> DoAsync(Guid id, string done, string entered, Func<Task<GatewayAnswer>> change)
    {
        try
        {
            await change();
            return Page.Go($"{PathOf($"{id}")}?done={done}");
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, PathOf($"{id}") + entered) is { } stepUp)
        {
            return stepUp;
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            return Page.Go(LoginAddress.First(PathOf($"{id}") + entered));
        }
    }
}
