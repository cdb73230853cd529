namespace NovaId.Accounts.Flows;

/// <summary>Kratos says some things about one input above the whole form. Here they stand at that input, where it is there.</summary>
internal static class MessagePlaces
{
    private static readonly Dictionary<long, string> Inputs = new()
    {
        [4000008] = "totp_code",
        [4000012] = "lookup_secret",
        [4000016] = "lookup_secret",
        [4010008] = "code",
        [4040003] = "code",
        [4060006] = "code",
        [4070006] = "code",
    };

    public static KratosFlow Put(KratosFlow flow)
    {
        if (flow.Ui is not { Messages: { Count: > 0 } messages, Nodes: { } nodes } ui)
        {
            return flow;
        }

        var placed = messages.Select(message => (Message: message, Node: nodes.FirstOrDefault(node => IsAbout(message, node)))).ToLookup(pair => pair.Node, pair => pair.Message);
        return flow with
        {
            Ui = ui with
            {
                Messages = [.. placed[null]],
                Nodes = [.. nodes.Select(node => placed.Contains(node) ? node with { Messages = [.. node.Messages ?? [], .. placed[node]] } : node)],
            },
        };
    }

    private static bool IsAbout(UiText message, UiNode node) =>
        node is { Type: "input", IsHidden: false, IsSubmit: false } && Inputs.TryGetValue(message.Id, out var name) && node.Attributes?.Name == name;
}
