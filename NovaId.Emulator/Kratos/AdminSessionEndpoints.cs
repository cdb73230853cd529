using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>The administration of sessions.</summary>
internal sealed class AdminSessionEndpoints(KratosConfiguration configuration, IdentityStore identities, SessionStore sessions, TimeProvider time)
{
    private const int MaxPageSize = 1000;
    private const string TokenTimeFormat = "yyyy-MM-dd HH:mm:ss.FFFFFF";

    public void Map(Routes routes)
    {
        routes.Map("GET", "/admin/sessions", ListAsync);
        routes.Map("GET", "/admin/sessions/{id}", ShowAsync);
        routes.Map("DELETE", "/admin/sessions/{id}", RevokeAsync);
        routes.Map("PATCH", "/admin/sessions/{id}/extend", ExtendAsync);
        routes.Map("GET", "/admin/identities/{id}/sessions", ListOfIdentityAsync);
        routes.Map("DELETE", "/admin/identities/{id}/sessions", DeleteOfIdentityAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var active = Active(query);
        var (withIdentity, withDevices) = Expanded(http.Request);
        var invalid = KratosException.BadRequestMessage("could not parse parameter page_size");
        var size = Pagination.KeysetSize(query, MaxPageSize, _ => invalid);
        var all = sessions.List(session => active is null || session.HoldsAt(time.GetUtcNow()) == active);
        var start = query["page_token"].FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } token ? PositionAfter(all, token, invalid) : 0;
        var page = all.Skip(start).Take(size).ToArray();
        Pagination.LinkKeyset(
            http,
            size,
            Token(Guid.Empty, new DateTimeOffset(2200, 12, 31, 23, 59, 59, TimeSpan.Zero)),
            start + size < all.Count ? Token(page[^1].Id, page[^1].CreatedAt) : null);
        await KratosJson.WriteAsync(http, 200, new JsonArray([.. page.Select(session =>
        {
            var identity = identities.Find(session.IdentityId);
            var holds = session.HoldsAt(time.GetUtcNow()) && (!withIdentity || identity?.IsActive == true);
            return session.ToJson(holds, withIdentity ? identity?.ToJson(configuration.PublicAddress) : null, withDevices ? session.DevicesToJson() : null);
        })]));
    }

    private async Task ShowAsync(HttpContext http)
    {
        var id = GoUuid.Parse((string)http.Request.RouteValues["id"]!);
        var (withIdentity, withDevices) = Expanded(http.Request);
        var session = sessions.Find(id) ?? throw KratosException.NoRows();
        var identity = withIdentity ? identities.Find(session.IdentityId) : null;
        await KratosJson.WriteAsync(http, 200, session.ToJson(
            session.HoldsAt(time.GetUtcNow()) && identity?.IsActive != false,
            identity?.ToJson(configuration.PublicAddress),
            withDevices ? session.DevicesToJson() : []));
    }

    private Task RevokeAsync(HttpContext http)
    {
        var id = GoUuid.Parse((string)http.Request.RouteValues["id"]!);
        if (sessions.Revoke(session => session.Id == id) == 0)
        {
            throw KratosException.NoRows();
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task ExtendAsync(HttpContext http)
    {
        var id = GoUuid.Parse((string)http.Request.RouteValues["id"]!);
        var now = time.GetUtcNow();
        var found = sessions.Update(id, session => session.ExpiresAt - configuration.EarliestPossibleExtend < now
            ? session with { ExpiresAt = now + configuration.SessionLifespan }
            : session);
        if (!found || sessions.Find(id) is not { } session || identities.Find(session.IdentityId) is not { } identity)
        {
            throw KratosException.NoRows();
        }

        await KratosJson.WriteAsync(http, 200, session.ToJson(session.HoldsAt(now) && identity.IsActive, identity.ToJson(configuration.PublicAddress), []));
    }

    private async Task ListOfIdentityAsync(HttpContext http)
    {
        var id = GoUuid.Parse((string)http.Request.RouteValues["id"]!);
        var active = Active(http.Request.Query);
        var now = time.GetUtcNow();
        var all = sessions.List(session => session.IdentityId == id && (active is null || session.HoldsAt(now) == active));
        var (page, size) = Pagination.ParseNumbered(http.Request.Query);
        Pagination.LinkNumbered(http, all.Count, page, size);
        var identity = identities.Find(id);
        await KratosJson.WriteAsync(http, 200, new JsonArray(
        [
            .. all.Skip(page * size).Take(size)
                .Select(session => session.ToJson(session.HoldsAt(now) && identity?.IsActive == true, identity?.ToBareJson(), session.DevicesToJson())),
        ]));
    }

    private Task DeleteOfIdentityAsync(HttpContext http)
    {
        if (sessions.Delete(GoUuid.Parse((string)http.Request.RouteValues["id"]!)) == 0)
        {
            throw KratosException.NoRows();
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static bool? Active(IQueryCollection query)
    {
        var text = query["active"].ToString();
        return text.Length == 0 ? null : Submission.GoBoolean(text) ?? throw KratosException.BadRequestMessage("could not parse parameter active");
    }

    private static (bool Identity, bool Devices) Expanded(HttpRequest request)
    {
        var (identity, devices) = (false, false);
        foreach (var option in GoValues.OfQuery(request).All("expand"))
        {
            switch (option.ToLowerInvariant())
            {
                case "identity":
                    identity = true;
                    break;
                case "devices":
                    devices = true;
                    break;
                default:
                    throw KratosException.BadRequest($"Could not parse expand option: {option}");
            }
        }

        return (identity, devices);
    }

    private static string Token(Guid id, DateTimeOffset createdAt) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        $"created_at={createdAt.UtcDateTime.ToString(TokenTimeFormat, CultureInfo.InvariantCulture)}/id={id}")).TrimEnd('=');

    /// <summary>The number of sessions up to the one that a token names, by its time and id, whether or not it is still there.</summary>
    private static int PositionAfter(List<Session> all, string token, KratosException invalid)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token.PadRight((token.Length + 3) / 4 * 4, '='), bytes, out var length))
        {
            throw invalid;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split('/')
            .Select(part => part.Split('=', 2)).Where(part => part.Length == 2).DistinctBy(part => part[0]).ToDictionary(part => part[0], part => part[1]);
        if (!GoUuid.TryParse(parts.GetValueOrDefault("id"), out var id)
            || !DateTimeOffset.TryParseExact(
                parts.GetValueOrDefault("created_at"), TokenTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var createdAt))
        {
            throw Pagination.InvalidToken();
        }

        // The token has microseconds, which is what the database keeps.
        return all.Count(session => Microseconds(session.CreatedAt) > Microseconds(createdAt)
            || (Microseconds(session.CreatedAt) == Microseconds(createdAt) && string.CompareOrdinal(session.Id.ToString(), id.ToString()) <= 0));

        static long Microseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;
    }
}
