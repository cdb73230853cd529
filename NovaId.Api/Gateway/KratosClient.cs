using System.Globalization;
using System.Net;

namespace NovaId.Api.Gateway;

/// <summary>Kratos' admin API, as far as the gateway lets the API in.</summary>
internal sealed class KratosClient(GatewayChannel channel, PageTokenSeal seal)
{
    private const string Identities = "svc/kratos/admin/identities";
    private const string Sessions = "svc/kratos/admin/sessions";
    private const int SessionPageSize = 100;

    /// <summary>More sessions than a person has, unless somebody makes them on purpose.</summary>
    private const int MaximumSessionPages = 20;

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

    /// <summary>Whoever logs in with this address; empty if that is nobody.</summary>
    public async Task<IReadOnlyList<Identity>> FindByIdentifierAsync(string identifier, CancellationToken cancellationToken)
    {
        var path = $"{Identities}?page_size=2&credentials_identifier={Uri.EscapeDataString(identifier)}";
        var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Kratos, path), cancellationToken);
        return response.Status == HttpStatusCode.OK
            ? [.. response.ReadList(GatewayJson.Default.IdentityArray).Select(Checked)]
            : throw response.Unexpected();
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

    /// <summary>Begins the deletion of a person: from now on only that is allowed to them. False if there is no such identity.</summary>
    public async Task<bool> MarkLeavingAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mark = new IdentityMetadata { Leaving = now.ToString("O", CultureInfo.InvariantCulture) };
        var request = new GatewayRequest(GatewayService.Kratos, HttpMethod.Patch, $"{Identities}/{id}", IsRead: false)
            .WithJson([new MetadataPatch("add", "/metadata_public", mark)], GatewayJson.Default.MetadataPatchArray);
        var response = await channel.SendAsync(request, cancellationToken);
        if (response.Status == HttpStatusCode.NotFound)
        {
            return false;
        }

        var identity = response.Status == HttpStatusCode.OK
            ? Checked(response.Read(GatewayJson.Default.Identity), id)
            : throw response.Unexpected();
        return identity.IsLeaving
            ? true
            : throw new GatewayUnavailableException(GatewayService.Kratos, "did not mark the identity.");
    }

    /// <summary>Deletes the identity, and with it every session and credential; false if there was none.</summary>
    public Task<bool> DeleteIdentityAsync(Guid id, CancellationToken cancellationToken) => DeleteAsync($"{Identities}/{id}", cancellationToken);

    /// <summary>The sessions of a person that have not ended.</summary>
    public async Task<IReadOnlyList<Session>> ListSessionsAsync(Guid person, CancellationToken cancellationToken)
    {
        var sessions = new Dictionary<Guid, Session>();
        for (var page = 0; page < MaximumSessionPages; page++)
        {
            // By number, as Kratos counts: a token of its would hold no more than the same number.
            var path = $"{Identities}/{person}/sessions?active=true&per_page={SessionPageSize}&page={page}";
            var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Kratos, path), cancellationToken);
            if (response.Status != HttpStatusCode.OK)
            {
                throw response.Unexpected();
            }

            var list = response.ReadList(GatewayJson.Default.SessionArray);
            if (list.Length > SessionPageSize)
            {
                throw new GatewayUnavailableException(GatewayService.Kratos, "answered with more sessions than asked for.");
            }

            foreach (var session in list)
            {
                Checked(session.Identity, person);

                // One that begins in the meantime moves the others on by one, so one may come twice.
                sessions[session.Id] = session;
            }

            if (list.Length < SessionPageSize)
            {
                return [.. sessions.Values];
            }
        }

        throw new GatewayUnavailableException(GatewayService.Kratos, "lists more sessions than there can be.");
    }

    /// <summary>Ends a session; false if there is none.</summary>
    public Task<bool> RevokeSessionAsync(Guid id, CancellationToken cancellationToken) => DeleteAsync($"{Sessions}/{id}", cancellationToken);

    /// <summary>Takes a credential away that is a second factor; false if the person has none of this type.</summary>
    public Task<bool> DeleteCredentialAsync(Guid id, string type, CancellationToken cancellationToken) =>
        DeleteAsync($"{Identities}/{id}/credentials/{type}", cancellationToken);

    /// <summary>Makes a code with which a person gets in again, good once; null if there is no such identity.</summary>
    public async Task<RecoveryCode?> CreateRecoveryCodeAsync(Guid id, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Kratos, HttpMethod.Post, "svc/kratos/admin/recovery/code", IsRead: false)
            .WithJson(new RecoveryCodeRequest(id), GatewayJson.Default.RecoveryCodeRequest);
        var response = await channel.SendAsync(request, cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.Created => response.Read(GatewayJson.Default.RecoveryCode),
            HttpStatusCode.NotFound => null,
            _ => throw response.Unexpected(),
        };
    }

    private async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var response = await channel.SendAsync(new GatewayRequest(GatewayService.Kratos, HttpMethod.Delete, path, IsRead: false), cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.NoContent => true,
            HttpStatusCode.NotFound => false,
            _ => throw response.Unexpected(),
        };
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
