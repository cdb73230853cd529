namespace NovaId.Accounts.Flows;

/// <summary>What Kratos says about a part of a form.</summary>
public sealed record UiMeta(UiText? Label);
