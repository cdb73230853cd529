using NovaId.Pages.Tests.Faults;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>A zone of which each service can be made to go, and to come back.</summary>
public abstract class FaultyBrowserZone : BrowserZone
{
    /// <summary>Makes services go and come back.</summary>
    internal ServiceSwitches Switches { get; } = new();
}
