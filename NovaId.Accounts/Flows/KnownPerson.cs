using System.Text.Json;
using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Flows;

/// <summary>
/// Whoever is logged in and shows again who they are need not say so: the address is filled in. Kratos would do so for a password, but its
/// codes by e-mail ask anew in the same input.
/// </summary>
internal static class KnownPerson
{
    private const string Input = "identifier";

    public static bool IsMissing(KratosFlow flow) => flow.Refresh && flow.Ui?.Nodes?.Any(IsEmpty) == true;

    public static KratosFlow Put(KratosFlow flow, PersonSession? session)
    {
        if (flow.Ui is not { Nodes: { } nodes } ui || session?.Identity?.Traits?.Email is not { Length: > 0 } email)
        {
            return flow;
        }

        var value = JsonSerializer.SerializeToElement(email, FlowJson.Default.String);
        return flow with
        {
            Ui = ui with { Nodes = [.. nodes.Select(node => IsEmpty(node) ? node with { Attributes = node.Attributes! with { Value = value } } : node)] },
        };
    }

    private static bool IsEmpty(UiNode node) =>
        node is { Type: "input", IsHidden: false, Attributes: { Name: Input } attributes } && string.IsNullOrEmpty(attributes.ValueText);
}
