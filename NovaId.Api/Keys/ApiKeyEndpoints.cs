using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using NovaId.Api.Account;
using NovaId.Api.Authentication;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Keys;

/// <summary>API keys: what a person gives a program to act for them, within bounds.</summary>
internal static class ApiKeyEndpoints
{
    private const string NoKey = "There is no such API key.";

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("API keys");
        keys.MapGet("", ListAsync)
            .Require(new KeyOwnerRequirement(KeyOwnerRequirement.OwnerInQuery))
            .WithPaging().WithQuery("owner", "Whose keys; the caller's own if nothing is said.", () => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid", Pattern = CanonicalUuid.Pattern })
            .WithName("listKeys").WithSummary("A person's API keys");
        keys.MapPost("", CreateAsync)
            .RequirePerson().RequireAssurance().AskAlong(new ApiKeyQuestions()).MakesPossessions()
            .WithName("createKey").WithSummary("Make an API key")
            .WithDescription("The secret is shown here and never again. The caller must hold every capability that the key is to have. "
                + "At the token endpoint the key authenticates with client_secret_basic (RFC 6749, section 2.3.1), which is not what every "
                + "OAuth2 library does unasked: id and secret go into the Authorization header, not into the form.");
        keys.MapDelete("/{id}", DeleteAsync)
            .Require(new KeyOwnerRequirement(KeyOwnerRequirement.OwnerInRoute)).WithApiKeyId("id").Refuses(HttpStatusCode.NotFound, NoKey)
            .RequireAssurance((http, caller) => KeyOwnerRequirement.OwnerInRoute(http) != caller.PersonId)
            .WithName("deleteKey").WithSummary("Delete an API key and every token it holds");
        return api;
    }

    private static async Task<Ok<Page<ApiKey>>> ListAsync(
        PageRequest page,
        HttpContext http,
        Caller caller,
        HydraClient hydra,
        CancellationToken cancellationToken)
    {
        var owner = KeyOwnerRequirement.OwnerInQuery(http) ?? caller.Subject.PersonId!.Value;
        var clients = await hydra.ListClientsAsync(owner.ToString(), page.Size, page.Token, cancellationToken);

        return TypedResults.Ok(new Page<ApiKey>(ApiKey.AmongClients(clients.Items, owner), clients.NextPageToken));
    }

    private static async Task<Results<Created<CreatedApiKey>, Refusal>> CreateAsync(
        ApiKeyRequest request,
        Caller caller,
        PermissionAnswers answers,
        ApiKeyKeeper keeper)
    {
        foreach (var capability in request.Capabilities)
        {
            if (!answers.AllowsAll(caller.Subject.AsksForCapability(capability)))
            {
                return Refusal.Forbidden($"capability {capability}", $"has not capability {capability}");
            }
        }

        // An app with a token for reading must not make itself a key for writing.
        if (caller.Token.Method == AuthenticationMethod.OAuth2 && request.Scopes.Except(caller.Scopes).FirstOrDefault() is { } scope)
        {
            return Refusal.InsufficientScope(scope);
        }

        var key = await keeper.CreateAsync(request, caller.Subject.PersonId!.Value);
        return TypedResults.Created($"/api/keys/{key.Id}", key);
    }

    private static async Task<Results<NoContent, Refusal>> DeleteAsync(
        string id,
        ApiKeyKeeper keeper,
        CancellationToken cancellationToken) =>
        ApiKeyId.TryParse(id, out var key) && await keeper.DeleteAsync(key, cancellationToken)
            ? TypedResults.NoContent()
            : Refusal.NotFound(NoKey);
}
