using System.Net;

namespace NovaId.Api.Gateway;

/// <summary>Kratos' admin API, as far as the gateway lets the API in.</summary>
internal sealed class KratosClient(GatewayChannel channel, PageTokenSeal seal)
{
    private const string Identities = "svc/kratos/admin/identities";
    private const string Sessions = "svc/kratos/admin/sessions";

    /// <summary>The identity; null if there is none.</summary>
    public async Task<Identity?> FindIdentityAsync(Guid id, CancellationToken cancellationToken)
    {
        var response = await channel.SendAsync(GatewayRequest.Read(GatewayService.Kratos, $"{Identities}/{id}"), cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.OK => Checked(response.Read(GatewayJson.Default.Identity), id),
            HttpStatusCode.NotFound => null,
            _ => throw response.Unexpected(),
        };
    }

    /// <summary>The session of this person, with the identity; null if there is none.</summary>
    public async Task<Session?> FindSessionAsync(Guid id, Guid person, CancellationToken cancellationToken)
    {
        var request = GatewayRequest.Read(GatewayService.Kratos, $"{Sessions}/{id}?expand=identity");
        var response = await channel.SendAsync(request, cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.OK => Checked(response.Read(GatewayJson.Default.Session), id, person),
            HttpStatusCode.NotFound => null,
            _ => throw response.Unexpected(),
        };
    }

    public async Task<ServicePage<Identity>> ListIdentitiesAsync(int size, string? pageToken, CancellationToken cancellationToken)
    {
        var token = seal.Open(Identities, pageToken);
        var path = $"{Identities}?page_size={size}" + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}");
        var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Kratos, path), cancellationToken);
        if (response.Status == HttpStatusCode.BadRequest && pageToken is not null)
        {
            throw new InvalidPageTokenException();
        }

        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var identities = response.ReadList(GatewayJson.Default.IdentityArray);
        if (identities.Length > size)
        {
            throw new GatewayUnavailableException(GatewayService.Kratos, "answered with more identities than asked for.");
        }

        return new ServicePage<Identity>([.. identities.Select(Checked)], seal.Close(Identities, PageLink.NextToken(response.Link)));
    }

    /// <summary>The identities with these ids, in one call; ids that are nobody's are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, Identity>> FindIdentitiesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, Identity>();
        }

        var path = $"{Identities}?page_size={ids.Count}{string.Concat(ids.Select(id => $"&ids={id}"))}";
        var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Kratos, path), cancellationToken);
        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var asked = ids.ToHashSet();
        var found = new Dictionary<Guid, Identity>();
        foreach (var identity in response.ReadList(GatewayJson.Default.IdentityArray).Select(Checked))
        {
            if (!asked.Contains(identity.Id) || !found.TryAdd(identity.Id, identity))
            {
                throw AnotherPerson();
            }
        }

        return found;
    }

    /// <summary>Sets the state; null if there is no such identity.</summary>
    public async Task<Identity?> SetStateAsync(Guid id, string state, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Kratos, HttpMethod.Patch, $"{Identities}/{id}", IsRead: false)
            .WithJson([new JsonPatchOperation("replace", "/state", state)], GatewayJson.Default.JsonPatchOperationArray);
        var response = await channel.SendAsync(request, cancellationToken);
        if (response.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        var identity = response.Status == HttpStatusCode.OK
            ? Checked(response.Read(GatewayJson.Default.Identity), id)
            : throw response.Unexpected();
        return identity.State == state
            ? identity
            : throw new GatewayUnavailableException(GatewayService.Kratos, "did not set the state.");
    }

    public async Task DeleteSessionsAsync(Guid id, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Kratos, HttpMethod.Delete, $"{Identities}/{id}/sessions", IsRead: false);
        var response = await channel.SendAsync(request, cancellationToken);

        // Kratos answers 404 to a person without a session, which is what was wanted.
        if (response.Status is not (HttpStatusCode.NoContent or HttpStatusCode.NotFound))
        {
            throw response.Unexpected();
        }
    }

    private static Session Checked(Session session, Guid id, Guid person)
    {
        if (session.Id != id)
        {
            throw new GatewayUnavailableException(GatewayService.Kratos, "answered with a session that was not asked for.");
        }

        Checked(session.Identity, person);
        return session;
    }

    private static Identity Checked(Identity identity, Guid id) =>
        identity.Id == id ? Checked(identity) : throw AnotherPerson();

    private static Identity Checked(Identity identity) =>
        identity.Id != Guid.Empty && identity.State is Identity.Active or Identity.Inactive
            ? identity
            : throw new GatewayUnavailableException(GatewayService.Kratos, "answered with an identity in a state that is not known.");

    private static GatewayUnavailableException AnotherPerson() =>
        new(GatewayService.Kratos, "answered with an identity that was not asked for.");
}
