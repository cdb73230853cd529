using System.Buffers.Text;
using System.Security.Cryptography;
using NovaId.Api.Authentication;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Keys;

/// <summary>Keeps an API key's two halves together: the client in Hydra and its capabilities in Keto.</summary>
internal sealed partial class ApiKeyKeeper(HydraClient hydra, KetoClient keto, ILogger<ApiKeyKeeper> logger)
{
    /// <summary>How a key authenticates at the token endpoint.</summary>
    public const string AuthMethod = "client_secret_basic";

    private const string Granted = "granted";
    private const int SecretLength = 32;
    private const int PageSize = 100;

    public async Task<CreatedApiKey> CreateAsync(ApiKeyRequest request, Guid owner)
    {
        var id = ApiKeyId.CreateFor(owner);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));
        var client = await hydra.CreateClientAsync(
            new OAuth2Client
            {
                ClientId = id.ToString(),
                ClientName = request.Name,
                ClientSecret = secret,
                Owner = owner.ToString(),
                Scope = string.Join(' ', request.Scopes),
                Audience = [IdTokenAuthenticator.Audience],
                GrantTypes = ["client_credentials"],
                ResponseTypes = [],
                TokenEndpointAuthMethod = AuthMethod,
                AccessTokenStrategy = "opaque",
                Metadata = new OAuth2ClientMetadata { Capabilities = [.. request.Capabilities] },
            },
            CancellationToken.None);
        var key = ApiKey.Of(client, id);
        try
        {
            await keto.PatchAsync([], request.Capabilities.Select(capability => Grant(capability, id)), CancellationToken.None);
        }
        catch (GatewayUnavailableException)
        {
            await WithdrawAsync(id);
            throw;
        }

        return new CreatedApiKey(key.Id, key.Name, key.OwnerId, key.Scopes, key.Capabilities, key.CreatedAt, secret, AuthMethod);
    }

    /// <summary>
    /// Deletes the key; false if there is none. The client goes first, and with it every token; if its capabilities then cannot be taken
    /// out of Keto, they belong to nobody, and asking again takes them out.
    /// </summary>
    public async Task<bool> DeleteAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        var grants = await keto.ListAllAsync(
            new TupleQuery(Permissions.CapabilityNamespace, Relation: Granted, SubjectId: CallerSubject.ClientPrefix + id),
            cancellationToken);
        var existed = await hydra.DeleteClientAsync(id.ToString(), CancellationToken.None);
        await keto.PatchAsync(grants, [], CancellationToken.None);
        return existed || grants.Count > 0;
    }

    /// <summary>Every key of a person.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAllAsync(Guid owner, CancellationToken cancellationToken)
    {
        var keys = new List<ApiKey>();
        string? token = null;
        do
        {
            var page = await hydra.ListClientsAsync(owner.ToString(), PageSize, token, cancellationToken);
            keys.AddRange(ApiKey.AmongClients(page.Items, owner));
            token = page.NextPageToken;
        }
        while (token is not null);
        return keys;
    }

    private static RelationTuple Grant(string capability, ApiKeyId id) =>
        RelationTuple.Of(Permissions.CapabilityNamespace, capability, Granted, CallerSubject.ClientPrefix + id);

    private async Task WithdrawAsync(ApiKeyId id)
    {
        try
        {
            await hydra.DeleteClientAsync(id.ToString(), CancellationToken.None);
        }
        catch (GatewayUnavailableException e)
        {
            // Nobody was told its secret, so nobody can use it; its owner sees it in the list and can delete it.
            LogOrphan(id.ToString(), e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The API key {Key} was made but not given out, and could not be deleted. {Reason}")]
    private partial void LogOrphan(string key, string reason);
}
