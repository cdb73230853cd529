namespace NovaId.Pages.Layout;

/// <summary>One entry of the menu.</summary>
/// <param name="Path">The page, as a browser asks for it.</param>
/// <param name="Label">Gives what stands there, in the language of whoever asks.</param>
/// <param name="Icon">The drawing beside it.</param>
public sealed record NavigationItem(string Path, Func<string> Label, string Icon)
{
    /// <summary>What stands there.</summary>
    public string Text => Label();
}
