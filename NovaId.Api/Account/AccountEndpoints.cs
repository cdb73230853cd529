using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Account;

/// <summary>
/// A person's own account: where they are logged in, which apps they let in, all that is held about them, and its end. Only a session of
/// their own reaches it: an app that acts for somebody has no business with the other apps.
/// </summary>
internal static class AccountEndpoints
{
    /// <summary>Where the schema of the export is; the gateway lets anyone read what stands beside the documentation.</summary>
    public const string SchemaPath = "/api/docs/account-export.schema.json";

    public static IEndpointRouteBuilder MapAccount(this IEndpointRouteBuilder api)
    {
        var account = api.MapGroup("/me").WithTags("Account").RequireSession();
        account.MapGet("/sessions", ListSessionsAsync)
            .WithName("listMySessions").WithSummary("Where the caller is logged in, this session first");
        account.MapDelete("/sessions", EndOtherSessionsAsync)
            .WithName("endMyOtherSessions").WithSummary("End every session of the caller but this one");
        account.MapDelete("/sessions/{id}", EndSessionAsync).WithUuid("id").Refuses(HttpStatusCode.NotFound, "It is no session of the caller, or has ended.")
            .WithName("endMySession").WithSummary("End a session of the caller");
        account.MapGet("/apps", ListAppsAsync)
            .WithName("listMyApps").WithSummary("The apps that the caller let in, by name");
        account.MapDelete("/apps/{client}", RemoveAppAsync).WithClientId("client").Refuses(HttpStatusCode.NotFound, "There is no such app of the caller.")
            .WithName("removeMyApp").WithSummary("Take back what the caller let an app do, and with it every token of it");
        account.MapGet("/export", ExportAsync).RequireAssurance()
            .WithName("exportMyAccount").WithSummary("Everything that is held about the caller, as one document")
            .WithDescription($"Its schema is at {SchemaPath}. Secrets are not in it.");
        account.MapDelete("", DeleteAsync).RequireAssurance().AllowWhileLeaving()
            .WithName("deleteMyAccount").WithSummary("Delete the caller's account and everything that is theirs")
            .WithDescription("From the first step on nothing else is allowed to the person, their apps and their keys. A deletion that broke "
                + "off is repeated until it answers 204. The access log keeps its records.");
        return api;
    }

    public static IEndpointRouteBuilder MapAccountSchema(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(SchemaPath, () => TypedResults.Text(AccountSchema.Text, "application/schema+json"))
            .AllowWithoutCaller("It says what an export looks like, and nothing about anyone.").ExcludeFromDescription();
        return endpoints;
    }

    private static async Task<Ok<MySessions>> ListSessionsAsync(Caller caller, KratosClient kratos, CancellationToken cancellationToken) =>
        TypedResults.Ok(new MySessions(await MySession.ListAsync(kratos, caller.Subject, cancellationToken)));

    private static async Task<NoContent> EndOtherSessionsAsync(Caller caller, KratosClient kratos, CancellationToken cancellationToken)
    {
        var sessions = await kratos.ListSessionsAsync(caller.Subject.PersonId!.Value, cancellationToken);

        // From here on it is done, whether or not the caller still listens. One that has ended meanwhile is as good as ended.
        await Parallel.ForEachAsync(
            sessions.Where(session => session.Id != caller.Subject.SessionId),
            Concurrency.OfChanges,
            async (session, _) => await kratos.RevokeSessionAsync(session.Id, CancellationToken.None));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Refusal>> EndSessionAsync(
        Guid id,
        Caller caller,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        var sessions = await kratos.ListSessionsAsync(caller.Subject.PersonId!.Value, cancellationToken);
        return sessions.Any(session => session.Id == id) && await kratos.RevokeSessionAsync(id, CancellationToken.None)
            ? TypedResults.NoContent()
            : Refusal.NotFound("There is no such session of yours, or it has ended.");
    }

    private static async Task<Ok<MyApps>> ListAppsAsync(Caller caller, HydraClient hydra, CancellationToken cancellationToken) =>
        TypedResults.Ok(new MyApps(MyApp.Of(await hydra.ListConsentsAsync(caller.Subject.Id, cancellationToken))));

    private static async Task<Results<NoContent, Refusal>> RemoveAppAsync(
        string client,
        Caller caller,
        HydraClient hydra,
        CancellationToken cancellationToken)
    {
        var consents = await hydra.ListConsentsAsync(caller.Subject.Id, cancellationToken);
        if (!consents.Any(consent => consent.ConsentRequest.Client.ClientId == client))
        {
            return Refusal.NotFound("You have let in no such app.");
        }

        await hydra.RevokeConsentsAsync(caller.Subject.Id, client, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<AccountExport>> ExportAsync(
        Caller caller,
        HttpContext http,
        AccountExporter exporter,
        CancellationToken cancellationToken)
    {
        var export = await exporter.CollectAsync(caller, cancellationToken);
        http.Response.Headers.ContentDisposition = "attachment; filename=\"novaid-account.json\"";
        return TypedResults.Ok(export);
    }

    private static async Task<NoContent> DeleteAsync(Caller caller, AccountRemoval removal)
    {
        await removal.RemoveAsync(caller.Subject.PersonId!.Value);
        return TypedResults.NoContent();
    }
}
