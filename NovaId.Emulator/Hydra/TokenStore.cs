namespace NovaId.Emulator.Hydra;

/// <summary>The codes and tokens that were issued, in memory, each under the hash of its signature.</summary>
internal sealed class TokenStore(OpaqueTokenFactory factory, TimeProvider time)
{
    /// <summary>How long a used or expired token is kept, so that its replay is recognised.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(30);

    private const int IssuesBetweenCleanings = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AuthorizationCode> _codes = [];
    private readonly Dictionary<string, StoredToken> _accessTokens = [];
    private readonly Dictionary<string, StoredToken> _refreshTokens = [];
    private readonly Dictionary<string, DateTimeOffset> _removedGrants = [];
    private int _issued;

    public string AddCode(AuthorizationCode code) => Add(_codes, OpaqueTokenFactory.AuthorizationCode, code);

    public IssuedTokens Issue(TokenGrant grant)
    {
        lock (_lock)
        {
            return new IssuedTokens(
                Add(_accessTokens, OpaqueTokenFactory.AccessToken, grant.AccessToken),
                grant.RefreshToken is { } refreshToken ? Add(_refreshTokens, OpaqueTokenFactory.RefreshToken, refreshToken) : null);
        }
    }

    public AuthorizationCode? FindCode(string code) => Find(_codes, code);

    public StoredToken? FindAccessToken(string token) => Find(_accessTokens, token);

    public StoredToken? FindRefreshToken(string token) => Find(_refreshTokens, token);

    /// <summary>Takes the code challenge away; false if it was taken before.</summary>
    public bool TakeChallenge(AuthorizationCode code)
    {
        lock (_lock)
        {
            var had = code.HasChallenge;
            code.HasChallenge = false;
            return had;
        }
    }

    /// <summary>
    /// Uses a code up for tokens; null if that happened before. Whoever sees that it did can revoke those tokens already.
    /// </summary>
    public IssuedTokens? Redeem(AuthorizationCode code, TokenGrant tokens)
    {
        lock (_lock)
        {
            if (!code.IsActive || _removedGrants.ContainsKey(code.Session.RequestId))
            {
                return null;
            }

            code.IsActive = false;
            return Issue(tokens);
        }
    }

    /// <summary>Uses a refresh token up for new tokens, which end the old ones of its grant; null if that happened before.</summary>
    public IssuedTokens? Rotate(StoredToken refreshToken, TokenGrant tokens)
    {
        lock (_lock)
        {
            if (!refreshToken.IsActive)
            {
                return null;
            }

            var grant = refreshToken.Session.RequestId;
            RemoveWhere(_accessTokens, token => token.Session.RequestId == grant);
            foreach (var token in _refreshTokens.Values.Where(token => token.Session.RequestId == grant))
            {
                token.IsActive = false;
            }

            return Issue(tokens);
        }
    }

    /// <summary>Removes grants whose consent is gone: their tokens, and the codes that were not redeemed yet.</summary>
    public void RemoveGrants(IEnumerable<string> requestIds)
    {
        var grants = requestIds.ToHashSet();
        lock (_lock)
        {
            // A code may be on its way from the authorization endpoint, and somebody may have found a refresh token just before.
            foreach (var grant in grants)
            {
                _removedGrants[grant] = time.GetUtcNow();
            }

            foreach (var token in _refreshTokens.Values.Where(token => grants.Contains(token.Session.RequestId)))
            {
                token.IsActive = false;
            }

            RemoveWhere(_codes, code => grants.Contains(code.Session.RequestId));
            RemoveWhere(_accessTokens, token => grants.Contains(token.Session.RequestId));
            RemoveWhere(_refreshTokens, token => grants.Contains(token.Session.RequestId));
        }
    }

    /// <summary>Removes the tokens of grants.</summary>
    public void Revoke(params IEnumerable<string> requestIds)
    {
        var grants = requestIds.ToHashSet();
        lock (_lock)
        {
            RemoveWhere(_accessTokens, token => grants.Contains(token.Session.RequestId));
            RemoveWhere(_refreshTokens, token => grants.Contains(token.Session.RequestId));
        }
    }

    public void RevokeAccessTokensOf(string clientId)
    {
        lock (_lock)
        {
            RemoveWhere(_accessTokens, token => token.Session.ClientId == clientId);
        }
    }

    /// <summary>Removes everything that was issued to a client.</summary>
    public void RemoveClient(string clientId)
    {
        lock (_lock)
        {
            RemoveWhere(_codes, code => code.Session.ClientId == clientId);
            RemoveWhere(_accessTokens, token => token.Session.ClientId == clientId);
            RemoveWhere(_refreshTokens, token => token.Session.ClientId == clientId);
        }
    }

    private string Add<T>(Dictionary<string, T> entries, string prefix, T entry)
    {
        var (token, name) = factory.Create(prefix);
        lock (_lock)
        {
            if (++_issued % IssuesBetweenCleanings == 0)
            {
                Clean();
            }

            entries.Add(name, entry);
        }

        return token;
    }

    private T? Find<T>(Dictionary<string, T> entries, string token)
        where T : class
    {
        if (OpaqueTokenFactory.NameOf(token) is not { } name)
        {
            return null;
        }

        lock (_lock)
        {
            return entries.GetValueOrDefault(name);
        }
    }

    private void Clean()
    {
        var limit = time.GetUtcNow() - Retention;
        foreach (var (grant, removed) in _removedGrants)
        {
            if (removed < limit)
            {
                _removedGrants.Remove(grant);
            }
        }

        RemoveWhere(_codes, code => code.ExpiresAt < limit);
        RemoveWhere(_accessTokens, token => token.ExpiresAt < limit);
        RemoveWhere(_refreshTokens, token => token.ExpiresAt < limit);
    }

    private static void RemoveWhere<T>(Dictionary<string, T> entries, Func<T, bool> condition)
    {
        foreach (var (name, entry) in entries)
        {
            if (condition(entry))
            {
                entries.Remove(name);
            }
        }
    }
}
