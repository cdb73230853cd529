namespace NovaId.Pages.Components;

/// <summary>The next step after something went wrong.</summary>
/// <param name="Address">Where it leads; null leads to the beginning of the app.</param>
/// <param name="Text">What stands there.</param>
public sealed record ErrorAction(string? Address, string Text);
