namespace NovaId.Admin.Rights;

/// <summary>What the person in front of the page may do, as the API said for this request. It decides which buttons are shown and nothing
/// else: whatever is sent, the API decides again.</summary>
/// <param name="Capabilities">Their capabilities.</param>
/// <param name="Commanded">The ranks they command, the highest first.</param>
public sealed record OfficerRights(IReadOnlySet<string> Capabilities, IReadOnlyList<string> Commanded)
{
    public bool Has(string capability) => Capabilities.Contains(capability);

    /// <summary>Whether they command whoever holds this rank; whoever holds none is commanded by all.</summary>
    public bool Command(string? rank) => rank is null || Commanded.Contains(rank);
}
