using NovaId.Admin.Keys;
using NovaId.Admin.Rights;

namespace NovaId.Admin.People;

/// <summary>A person, and what whoever looks may do about them.</summary>
/// <param name="Person">The person.</param>
/// <param name="Rights">Who looks, and what they may do at all.</param>
/// <param name="IsSelf">Whether it is the one who looks: nobody changes their own.</param>
/// <param name="Keys">The person's API keys; null where they are not for this officer.</param>
/// <param name="Access">How they get in and where they are; null where it is not for this officer.</param>
/// <param name="Chosen">The rank that was chosen before somebody had to show once more who they are; null if none was.</param>
/// <param name="Done">What was just done.</param>
public sealed record PersonModel(
    Person Person, OfficerRights Rights, bool IsSelf, IReadOnlyList<OwnedKey>? Keys, PersonAccess? Access, string? Chosen, string? Done)
{
    public bool CanAssign => May(Capability.AssignRanks);

    public bool CanEdit => May(Capability.EditUsers);

    public bool CanDeactivate => May(Capability.DeactivateUsers);

    private bool May(string capability) => !IsSelf && Rights.Has(capability) && Rights.Command(Person.Rank);
}
