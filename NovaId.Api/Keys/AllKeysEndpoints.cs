using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Keys;

/// <summary>The API keys of everyone, for whoever manages them.</summary>
internal static class AllKeysEndpoints
{
    public static IEndpointRouteBuilder MapAllKeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/keys/all", ListAsync)
            .RequireCapability(Capabilities.ManageKeys)
            .WithPaging()
            .WithTags("API keys")
            .WithSummary("Everyone's API keys, and whose they are")
            .WithDescription("A page may hold fewer keys than were asked for; the last page is the one without a nextPageToken.");
        return api;
    }

    private static async Task<Ok<Page<OwnedApiKey>>> ListAsync(
        PageRequest page,
        HydraClient hydra,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        var clients = await hydra.ListAllClientsAsync(page.Size, page.Token, cancellationToken);

        // Hydra holds other clients as well: apps, and the zone's own services.
        var keys = clients.Items
            .Select(client => ApiKeyId.TryParse(client.ClientId, out var id) && client.Owner == id.OwnerId.ToString() ? ApiKey.Of(client, id) : null)
            .OfType<ApiKey>().ToList();
        var owners = await kratos.FindIdentitiesAsync([.. keys.Select(key => key.OwnerId).Distinct()], cancellationToken);
        return TypedResults.Ok(new Page<OwnedApiKey>(
            [
                .. keys.Select(key => new OwnedApiKey(
                    key.Id,
                    key.Name,
                    key.OwnerId,
                    owners.TryGetValue(key.OwnerId, out var owner) ? owner.Traits.Email : null,
                    key.Scopes,
                    key.Capabilities,
                    key.CreatedAt)),
            ],
            clients.NextPageToken));
    }
}
