using System.Collections.Concurrent;

namespace NovaId.Emulator.Hydra;

/// <summary>The registered clients, in memory.</summary>
internal sealed class ClientStore
{
    private readonly ConcurrentDictionary<string, OAuth2Client> _clients = new(StringComparer.Ordinal);

    public OAuth2Client? Find(string id) => _clients.GetValueOrDefault(id);

    public OAuth2Client Get(string id) => Find(id) ?? throw OAuth2Error.ResourceNotFound.AsException();

    public bool TryAdd(OAuth2Client client) => _clients.TryAdd(client.Id, client);

    /// <summary>Puts a client in the place of the one it was made from, unless that has changed or gone meanwhile.</summary>
    public bool TryReplace(OAuth2Client old, OAuth2Client client) => _clients.TryUpdate(old.Id, client, old);

    public bool TryRemove(string id) => _clients.TryRemove(id, out _);

    /// <summary>The clients after an id, in the order of their ids.</summary>
    public IReadOnlyList<OAuth2Client> List(string after, string name, string owner, int count) =>
    [
        .. _clients.Values
            .Where(client => string.CompareOrdinal(client.Id, after) > 0)
            .Where(client => name.Length == 0 || client.Name == name)
            .Where(client => owner.Length == 0 || client.Owner == owner)
            .OrderBy(client => client.Id, StringComparer.Ordinal)
            .Take(count),
    ];
}
