namespace NovaId.Accounts.Flows;

/// <summary>A form of Kratos: where it goes to, what it asks for, what there is to say.</summary>
public sealed record UiContainer(string? Action, string? Method, IReadOnlyList<UiNode>? Nodes, IReadOnlyList<UiText>? Messages);
