namespace NovaId.Accounts.Flows;

/// <summary>What is sent together: the inputs of one or more groups, and those that belong to all.</summary>
/// <param name="Groups">The groups, each with its parts.</param>
/// <param name="Shared">What belongs to all groups.</param>
public sealed record FormPart(IReadOnlyList<FormGroup> Groups, IReadOnlyList<UiNode> Shared)
{
    /// <summary>
    /// How a flow is divided into forms. Where all ways share an input that somebody fills in, such as the address, they stand in one form;
    /// else each has a form of its own, so that what one way must have does not hold up another.
    /// </summary>
    public static IReadOnlyList<FormPart> Of(KratosFlow flow)
    {
        var nodes = (flow.Ui?.Nodes ?? []).Where(node => !node.IsScript).ToList();
        var shared = nodes.Where(node => node.Group is null or UiNode.DefaultGroup).ToList();
        var groups = nodes.Where(node => node.Group is not (null or UiNode.DefaultGroup))
            .GroupBy(node => node.Group!)
            .OrderBy(group => FormGroup.PlaceOf(group.Key))
            .Select(group => new FormGroup(group.Key, [.. group]))
            .Where(group => group.Nodes.Any(node => node.IsVisible))
            .ToList();
        var belongings = nodes.Where(node => node.Group is not (null or UiNode.DefaultGroup) && groups.All(group => group.Name != node.Group)).ToList();
        return groups.Count == 0 || shared.Any(node => node.IsVisible)
            ? [new FormPart(groups, [.. shared, .. belongings])]
            : [.. groups.Select(group => new FormPart([group], shared))];
    }
}
