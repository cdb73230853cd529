using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Account;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;
using NovaId.Api.Versions;

namespace NovaId.Api.Documents;

/// <summary>Documents, each with its own permissions.</summary>
internal static class DocumentEndpoints
{
    private const string Namespace = Permissions.DocumentNamespace;

    public static IEndpointRouteBuilder MapDocuments(this IEndpointRouteBuilder api)
    {
        var documents = api.MapGroup("/documents").WithTags("Documents");
        documents.MapGet("", ListAsync)
            .RequireCaller().AskAlong(new DocumentPage()).WithPaging()
            .WithName("listDocuments").WithSummary("The documents that the caller may view, newest first")
            .WithDescription("A page may hold fewer documents than asked for and still have a next one.");
        documents.MapPost("", CreateAsync)
            .RequireCaller().MakesPossessions().WithText(DocumentContent.MaximumLength).WithVersion()
            .WithName("createDocument").WithSummary("Make a document, whose owner is the caller");
        documents.MapGet("/{id}", GetAsync)
            .RequirePermission(Namespace, Permissions.View, "id").WithUuid("id").WithVersion()
            .WithName("getDocument").WithSummary("A document");
        documents.MapPut("/{id}", UpdateAsync)
            .RequirePermission(Namespace, Permissions.Edit, "id").WithUuid("id").WithText(DocumentContent.MaximumLength).WithVersion()
            .WithName("replaceDocument").WithSummary("Change a document");
        documents.MapDelete("/{id}", DeleteAsync)
            .RequirePermission(Namespace, Permissions.Delete, "id").WithUuid("id").WithVersion()
            .WithName("deleteDocument").WithSummary("Delete a document");
        documents.MapGet("/{id}/sharing", GetSharingAsync)
            .RequirePermission(Namespace, Permissions.Delete, "id").WithUuid("id").WithVersion()
            .WithName("getDocumentSharing").WithSummary("Whom a document is shared with");
        documents.MapPut("/{id}/sharing", ShareAsync)
            .RequirePermission(Namespace, Permissions.Delete, "id").WithUuid("id").WithVersion()
            .WithName("replaceDocumentSharing").WithSummary("Say whom a document is shared with, in whole");
        return api;
    }

    private static async Task<Ok<Page<DocumentSummary>>> ListAsync(
        PageRequest page,
        HttpContext http,
        Caller caller,
        PermissionAnswers answers,
        DocumentStore store,
        KetoClient keto) =>
        TypedResults.Ok(await DocumentPage.CollectAsync(page, http, caller, answers, store, keto));

    private static async Task<Created<Document>> CreateAsync(
        DocumentContent content,
        Caller caller,
        DocumentKeeper keeper,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        content.Validate();
        var document = await keeper.CreateAsync(content, caller.Subject.Id, cancellationToken);
        response.Headers.ETag = document.Tag.ToString();
        return TypedResults.Created($"/api/documents/{document.Id}", document);
    }

    private static async Task<Results<Versioned<Document>, Refusal>> GetAsync(
        Guid id,
        DocumentStore store,
        CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } document ? new Versioned<Document>(document, document.Tag) : Missing(Permissions.View);

    private static async Task<Results<Versioned<Document>, Refusal>> UpdateAsync(
        Guid id,
        DocumentContent content,
        Preconditions conditions,
        DocumentKeeper keeper,
        CancellationToken cancellationToken)
    {
        content.Validate();
        return await keeper.UpdateAsync(id, content, conditions, cancellationToken) is { } document
            ? new Versioned<Document>(document, document.Tag)
            : Missing(Permissions.Edit);
    }

    private static async Task<Results<NoContent, Refusal>> DeleteAsync(
        Guid id,
        Preconditions conditions,
        DocumentKeeper keeper,
        CancellationToken cancellationToken) =>
        await keeper.DeleteAsync(id, conditions, cancellationToken) ? TypedResults.NoContent() : Missing(Permissions.Delete);

    private static async Task<Results<Versioned<Sharing>, Refusal>> GetSharingAsync(
        Guid id,
        DocumentKeeper keeper,
        CancellationToken cancellationToken) =>
        await keeper.FindSharingAsync(id, cancellationToken) is { } sharing ? new Versioned<Sharing>(sharing, sharing.Tag) : Missing(Permissions.Delete);

    private static async Task<Results<Versioned<Sharing>, Refusal>> ShareAsync(
        Guid id,
        Sharing sharing,
        Preconditions conditions,
        DocumentKeeper keeper,
        CancellationToken cancellationToken)
    {
        sharing.Validate();
        return await keeper.ShareAsync(id, sharing, conditions, cancellationToken) is { } shared
            ? new Versioned<Sharing>(shared, shared.Tag)
            : Missing(Permissions.Delete);
    }

    /// <summary>A document that is not there is refused as one that may not be seen, so that nobody learns which it is.</summary>
    private static Refusal Missing(string permit) => Refusal.Forbidden($"{Namespace} {permit}", $"has not {Namespace} {permit}");
}
