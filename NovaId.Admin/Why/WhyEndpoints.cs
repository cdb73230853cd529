using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Admin.People;
using NovaId.Admin.Rights;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.Why;

/// <summary>Why may somebody do something, or what is missing.</summary>
internal static class WhyEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/why";

    public static string PathOf(string who) => QueryHelpers.AddQueryString(Path, "who", who);

    public static void MapWhy(this IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync).RequireSession();

    private static async Task<IResult> ShowAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        var question = WhyQuestion.Read(http.Request.Query);
        if (!(await rights.FindAsync()).Has(Capability.ManagePermissions))
        {
            // The form alone asks the API nothing, so the API cannot refuse it.
            throw new ApiRefusedException(HttpStatusCode.Forbidden, new ApiProblem(null, Texts.Why_Forbidden, null, null, null, null, null));
        }

        if (question.IsEmpty || question.Parts is not { } parts)
        {
            return Show(question);
        }

        if (parts.Namespace == "Document" && !Guid.TryParseExact(parts.Object, "D", out _))
        {
            return Show(question, documentProblem: Texts.Why_NoDocument);
        }

        if (await FindSubjectAsync(http, gateway, question.Who) is not { } subject)
        {
            return Show(question, whoProblem: Texts.Why_Nobody);
        }

        var query = QueryHelpers.AddQueryString("permissions/explanation", new Dictionary<string, string?>
        {
            ["subject"] = subject,
            ["namespace"] = parts.Namespace,
            ["object"] = parts.Namespace == "Document" ? parts.Object.ToLowerInvariant() : parts.Object,
            ["relation"] = parts.Relation,
        });
        try
        {
            return Show(question, await gateway.GetApiAsync(http, query, WhyJson.Default.WhyAnswer));
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return Show(question, whoProblem: Texts.Why_Nobody);
        }
    }

    private static IResult Show(WhyQuestion question, WhyAnswer? answer = null, string? whoProblem = null, string? documentProblem = null) =>
        Page.Show<WhyPage, WhyModel>(
            new WhyModel(question, answer, whoProblem, documentProblem),
            whoProblem is null && documentProblem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    /// <summary>Whoever is meant, as Keto knows them; null if that is nobody.</summary>
    private static async Task<string?> FindSubjectAsync(HttpContext http, GatewayClient gateway, string who)
    {
        if (Guid.TryParseExact(who, "D", out var id))
        {
            return id.ToString();
        }

        if (who.StartsWith("client:", StringComparison.Ordinal) || who.StartsWith("key-", StringComparison.Ordinal))
        {
            return who.StartsWith("key-", StringComparison.Ordinal) ? $"client:{who}" : who;
        }

        return who.Contains('@', StringComparison.Ordinal)
            && (await gateway.GetApiAsync(http, new PeopleFilter(who, null, null).Query(1, null), PeopleJson.Default.PeopleList)).Items is [var one, ..]
            ? one.Id
            : null;
    }
}
