using System.Net;

namespace NovaId.Api.Gateway;

/// <summary>Hydra's admin API, as far as the gateway lets the API in.</summary>
internal sealed class HydraClient(GatewayChannel channel, PageTokenSeal seal)
{
    private const string Clients = "svc/hydra/admin/clients";
    private const string Consents = "svc/hydra/admin/oauth2/auth/sessions/consent";
    private const string Logins = "svc/hydra/admin/oauth2/auth/sessions/login";

    /// <summary>A consent comes with the whole client, so a page of a hundred stays far below what is read of a list.</summary>
    private const int ConsentPageSize = 100;

    /// <summary>Hydra keeps one for each time an app was let in, until they are cleaned up.</summary>
    private const int MaximumConsentPages = 100;

    public async Task<Introspection> IntrospectAsync(string token, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Hydra, HttpMethod.Post, "svc/hydra/admin/oauth2/introspect", IsRead: true)
            .WithForm($"token={Uri.EscapeDataString(token)}");
        var response = await channel.SendAsync(request, cancellationToken);
        return response.Status == HttpStatusCode.OK ? response.Read(GatewayJson.Default.Introspection) : throw response.Unexpected();
    }

    /// <summary>The client; null if there is none.</summary>
    public async Task<OAuth2Client?> FindClientAsync(string id, CancellationToken cancellationToken)
    {
        var response = await channel.SendAsync(
            GatewayRequest.Read(GatewayService.Hydra, $"{Clients}/{Uri.EscapeDataString(id)}"),
            cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.OK => Checked(response.Read(GatewayJson.Default.OAuth2Client), id),
            HttpStatusCode.NotFound => null,
            _ => throw response.Unexpected(),
        };
    }

    public async Task<ServicePage<OAuth2Client>> ListClientsAsync(
        string owner,
        int size,
        string? pageToken,
        CancellationToken cancellationToken)
    {
        var list = $"{Clients}?owner={Uri.EscapeDataString(owner)}";
        var page = await ReadClientsAsync(list, $"{list}&", size, pageToken, cancellationToken);
        return page.Items.All(client => client.Owner == owner)
            ? page
            : throw new GatewayUnavailableException(GatewayService.Hydra, "answered with clients that were not asked for.");
    }

    /// <summary>Every client, whoever owns it.</summary>
    public Task<ServicePage<OAuth2Client>> ListAllClientsAsync(int size, string? pageToken, CancellationToken cancellationToken) =>
        ReadClientsAsync(Clients, $"{Clients}?", size, pageToken, cancellationToken);

    public async Task<OAuth2Client> CreateClientAsync(OAuth2Client client, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Hydra, HttpMethod.Post, Clients, IsRead: false)
            .WithJson(client, GatewayJson.Default.OAuth2Client);
        var response = await channel.SendAsync(request, cancellationToken);
        var created = response.Status == HttpStatusCode.Created
            ? Checked(response.Read(GatewayJson.Default.OAuth2Client), client.ClientId)
            : throw response.Unexpected();
        return created.Owner == client.Owner && created.Scope == client.Scope
            ? created
            : throw new GatewayUnavailableException(GatewayService.Hydra, "made another client than the one it was asked for.");
    }

    /// <summary>Deletes the client and with it every token it holds; false if there was none.</summary>
    public async Task<bool> DeleteClientAsync(string id, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Hydra, HttpMethod.Delete, $"{Clients}/{Uri.EscapeDataString(id)}", IsRead: false);
        var response = await channel.SendAsync(request, cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.NoContent => true,
            HttpStatusCode.NotFound => false,
            _ => throw response.Unexpected(),
        };
    }

    /// <summary>What a person consented to, and what may still be used.</summary>
    public async Task<IReadOnlyList<ConsentSession>> ListConsentsAsync(string subject, CancellationToken cancellationToken)
    {
        var consents = new List<ConsentSession>();
        var list = $"{Consents}?subject={Uri.EscapeDataString(subject)}&page_size={ConsentPageSize}";
        string? token = null;
        for (var page = 0; page < MaximumConsentPages; page++)
        {
            var path = list + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}");
            var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Hydra, path), cancellationToken);
            if (response.Status != HttpStatusCode.OK)
            {
                throw response.Unexpected();
            }

            var consentsOfPage = response.ReadList(GatewayJson.Default.ConsentSessionArray);
            if (consentsOfPage.Any(consent => consent.ConsentRequest.Subject != subject))
            {
                throw new GatewayUnavailableException(GatewayService.Hydra, "answered with a consent of somebody else.");
            }

            consents.AddRange(consentsOfPage);
            token = PageLink.NextToken(response.Link);
            if (token is null)
            {
                return consents;
            }
        }

        throw new GatewayUnavailableException(GatewayService.Hydra, "lists more consents than there can be.");
    }

    /// <summary>Takes back what a person consented to, for one client or for all, and with it every token that came of it.</summary>
    public Task RevokeConsentsAsync(string subject, string? client, CancellationToken cancellationToken) => RevokeAsync(
        $"{Consents}?subject={Uri.EscapeDataString(subject)}&{(client is null ? "all=true" : $"client={Uri.EscapeDataString(client)}")}",
        cancellationToken);

    /// <summary>Forgets in which browsers a person is logged in to apps.</summary>
    public Task RevokeLoginsAsync(string subject, CancellationToken cancellationToken) =>
        RevokeAsync($"{Logins}?subject={Uri.EscapeDataString(subject)}", cancellationToken);

    private async Task RevokeAsync(string path, CancellationToken cancellationToken)
    {
        var response = await channel.SendAsync(new GatewayRequest(GatewayService.Hydra, HttpMethod.Delete, path, IsRead: false), cancellationToken);
        if (response.Status != HttpStatusCode.NoContent)
        {
            throw response.Unexpected();
        }
    }

    private static OAuth2Client Checked(OAuth2Client client, string id) =>
        client.ClientId == id
            ? client
            : throw new GatewayUnavailableException(GatewayService.Hydra, "answered with a client that was not asked for.");

    /// <summary>A page of a list: for which its tokens are good, and the address to which parameters are added.</summary>
    private async Task<ServicePage<OAuth2Client>> ReadClientsAsync(
        string list,
        string query,
        int size,
        string? pageToken,
        CancellationToken cancellationToken)
    {
        var token = seal.Open(list, pageToken);
        var path = $"{query}page_size={size}" + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}");
        var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Hydra, path), cancellationToken);
        if (response.Status == HttpStatusCode.BadRequest && pageToken is not null)
        {
            throw new InvalidPageTokenException();
        }

        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var clients = response.ReadList(GatewayJson.Default.OAuth2ClientArray);
        return clients.Length <= size
            ? new ServicePage<OAuth2Client>(clients, seal.Close(list, PageLink.NextToken(response.Link)))
            : throw new GatewayUnavailableException(GatewayService.Hydra, "answered with more clients than asked for.");
    }
}
