namespace NovaId.Emulator.Keto.Opl;

/// <summary>A class of an OPL file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Relations">Its relations and permissions, in the order of the file.</param>
internal sealed record OplNamespace(string Name, IReadOnlyList<OplRelation> Relations)
{
    public OplRelation? Find(string relation)
    {
        foreach (var candidate in Relations)
        {
            if (candidate.Name == relation)
            {
                return candidate;
            }
        }

        return null;
    }
}
