namespace NovaId.AppHost.Startup;

/// <summary>A property of a resource that the dashboard shows at once: what it does not know it hides, unless it is told otherwise.</summary>
internal static class ShownProperty
{
    /// <param name="name">The name, as it is shown.</param>
    /// <param name="value">The value.</param>
    /// <param name="isSensitive">Whether it is shown to whoever asks for it alone.</param>
    /// <returns>The property.</returns>
    public static ResourcePropertySnapshot Of(string name, object? value, bool isSensitive = false) =>
        new(name, value) { IsHighlighted = true, IsSensitive = isSensitive };
}
