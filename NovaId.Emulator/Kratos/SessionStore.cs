namespace NovaId.Emulator.Kratos;

/// <summary>The sessions. One that ended is kept for a day, as administrators may still list it.</summary>
internal sealed class SessionStore(TimeProvider time)
{
    private static readonly TimeSpan KeptAfterExpiry = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Session> _byId = [];
    private readonly Dictionary<string, Guid> _byToken = new(StringComparer.Ordinal);
    private int _writes;

    public Session? Find(Guid id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public Session? FindByToken(string token)
    {
        lock (_lock)
        {
            return _byToken.TryGetValue(token, out var id) ? _byId[id] : null;
        }
    }

    /// <summary>The sessions that match, newest first.</summary>
    public List<Session> List(Func<Session, bool> matches)
    {
        lock (_lock)
        {
            return
            [
                .. _byId.Values.Where(matches)
                    .OrderByDescending(session => session.CreatedAt)
                    .ThenBy(session => session.Id.ToString(), StringComparer.Ordinal),
            ];
        }
    }

    public void Save(Session session)
    {
        lock (_lock)
        {
            _byId[session.Id] = session;
            _byToken[session.Token] = session.Id;
            if (++_writes % 256 == 0)
            {
                var limit = time.GetUtcNow() - KeptAfterExpiry;
                RemoveWhere(old => old.ExpiresAt < limit);
            }
        }
    }

    /// <summary>Changes a session as it is at this moment.</summary>
    public bool Update(Guid id, Func<Session, Session> change)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var session))
            {
                return false;
            }

            _byId[id] = change(session);
            return true;
        }
    }

    /// <summary>Ends the sessions that match and gives their number, with those that had ended before.</summary>
    public int Revoke(Func<Session, bool> matches)
    {
        lock (_lock)
        {
            var sessions = _byId.Values.Where(matches).ToArray();
            foreach (var session in sessions)
            {
                _byId[session.Id] = session with { Active = false };
            }

            return sessions.Length;
        }
    }

    public int Delete(Guid identityId)
    {
        lock (_lock)
        {
            return RemoveWhere(session => session.IdentityId == identityId);
        }
    }

    private int RemoveWhere(Func<Session, bool> matches)
    {
        var sessions = _byId.Values.Where(matches).ToArray();
        foreach (var session in sessions)
        {
            _byId.Remove(session.Id);
            _byToken.Remove(session.Token);
        }

        return sessions.Length;
    }
}
