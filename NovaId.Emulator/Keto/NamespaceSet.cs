using System.Collections.Frozen;
using NovaId.Emulator.Go;
using NovaId.Emulator.Keto.Opl;
using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Emulator.Keto;

/// <summary>The namespaces that Keto knows, by name.</summary>
internal sealed class NamespaceSet(IReadOnlyList<OplNamespace> namespaces)
{
    private readonly FrozenDictionary<string, OplNamespace> _byName =
        namespaces.ToFrozenDictionary(candidate => candidate.Name, StringComparer.Ordinal);

    /// <summary>The names, in the order of the file.</summary>
    public IEnumerable<string> Names => namespaces.Select(candidate => candidate.Name);

    /// <summary>Refuses a namespace that no class declares.</summary>
    public void Require(string name)
    {
        if (!_byName.ContainsKey(name))
        {
            throw KetoException.NotFound($"Unknown namespace with name {GoText.Quote(name)}.");
        }
    }

    /// <summary>The declaration of a relation; null where anything goes: no relation, an unknown namespace, an empty class.</summary>
    /// <returns>False if the class declares relations, and not this one.</returns>
    public bool TryFindRelation(SubjectSet set, out OplRelation? relation)
    {
        relation = null;
        if (set.Relation.Length == 0 || !_byName.TryGetValue(set.Namespace, out var found) || found.Relations.Count == 0)
        {
            return true;
        }

        relation = found.Find(set.Relation);
        return relation is not null;
    }
}
