namespace NovaId.Emulator.Kratos;

/// <summary>The identities. No two share an identifier of one type, an address, or an external id.</summary>
internal sealed class IdentityStore
{
    private readonly Lock _lock = new();

    // By the text of the id, whose order is the order in which PostgreSQL lists them.
    private readonly SortedDictionary<string, Identity> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _claims = new(StringComparer.Ordinal);

    public Identity? Find(Guid id)
    {
        lock (_lock)
        {
            return _identities.GetValueOrDefault(id.ToString());
        }
    }

    public Identity? FindByIdentifier(string type, string identifier) =>
        FindByClaim(IdentifierClaim(type, Normalised(type, identifier)));

    public Identity? FindByRecoveryAddress(string address) => FindByClaim($"recovery/email/{IdentityTraits.Normalise(address)}");

    public Identity? FindByVerifiableAddress(string address) => FindByClaim($"verifiable/email/{IdentityTraits.Normalise(address)}");

    public List<Identity> List(Func<Identity, bool> matches)
    {
        lock (_lock)
        {
            return [.. _identities.Values.Where(matches)];
        }
    }

    public int Count()
    {
        lock (_lock)
        {
            return _identities.Count;
        }
    }

    /// <exception cref="KratosException">Another identity has one of its identifiers (409).</exception>
    public void Create(Identity identity)
    {
        lock (_lock)
        {
            Claim(identity);
            _identities.Add(identity.Id.ToString(), identity);
        }
    }

    /// <summary>Changes an identity as it is at this moment, so that no change undoes another.</summary>
    /// <exception cref="KratosException">There is no such identity (404), or another has one of the new identifiers (409).</exception>
    public Identity Update(Guid id, Func<Identity, Identity> change)
    {
        lock (_lock)
        {
            var before = _identities.GetValueOrDefault(id.ToString()) ?? throw KratosException.NoRows();
            var after = change(before);
            Release(before);
            try
            {
                Claim(after);
            }
            catch
            {
                Claim(before);
                throw;
            }

            _identities[id.ToString()] = after;
            return after;
        }
    }

    public bool Delete(Guid id)
    {
        lock (_lock)
        {
            if (!_identities.Remove(id.ToString(), out var identity))
            {
                return false;
            }

            Release(identity);
            return true;
        }
    }

    private Identity? FindByClaim(string claim)
    {
        lock (_lock)
        {
            return _claims.TryGetValue(claim, out var id) ? _identities[id] : null;
        }
    }

    /// <summary>What people type is found whatever its case; what programs make is not.</summary>
    private static string Normalised(string type, string identifier) =>
        type is Credential.Password or Credential.Code ? IdentityTraits.Normalise(identifier) : identifier;

    private static string IdentifierClaim(string type, string identifier) => $"credential/{type}/{identifier}";

    private static IEnumerable<string> ClaimsOf(Identity identity) =>
    [
        .. identity.Credentials.Values.SelectMany(credential => credential.Identifiers.Select(i => IdentifierClaim(credential.Type, i))),
        .. identity.VerifiableAddresses.Select(address => $"verifiable/{address.Via}/{address.Value}"),
        .. identity.RecoveryAddresses.Select(address => $"recovery/{address.Via}/{address.Value}"),
        .. identity.ExternalId.Length > 0 ? new[] { $"external/{identity.ExternalId}" } : [],
    ];

    private void Claim(Identity identity)
    {
        var claims = ClaimsOf(identity).Distinct().ToArray();
        if (claims.Any(_claims.ContainsKey))
        {
            throw KratosException.UniqueViolation();
        }

        foreach (var claim in claims)
        {
            _claims[claim] = identity.Id.ToString();
        }
    }

    private void Release(Identity identity)
    {
        foreach (var claim in ClaimsOf(identity))
        {
            _claims.Remove(claim);
        }
    }
}
