namespace NovaId.Api.Configuration;

/// <summary>How the API ends: section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>
    /// How long it goes on answering after it has said that it is not ready any more: as long as whoever divides the requests among instances
    /// takes to notice. Zero where nobody does.
    /// </summary>
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;
}
