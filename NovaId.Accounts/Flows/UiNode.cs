namespace NovaId.Accounts.Flows;

/// <summary>One part of a form of Kratos.</summary>
public sealed record UiNode(string? Type, string? Group, UiAttributes? Attributes, IReadOnlyList<UiText>? Messages, UiMeta? Meta)
{
    public const string DefaultGroup = "default";

    /// <summary>What stands beside it.</summary>
    public UiText? Label => Meta?.Label ?? Attributes?.Label;

    public bool IsHidden => Type == "input" && Attributes?.Type == "hidden";

    public bool IsSubmit => Type == "input" && Attributes?.Type == "submit";

    public bool IsScript => Type == "script";

    /// <summary>Whether somebody sees it.</summary>
    public bool IsVisible => !IsHidden && !IsScript;
}
