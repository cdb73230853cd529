namespace Aspire.Hosting.Networks;

/// <summary>What a container that this project runs itself may not: write anything but a temporary folder, or become more than it is.</summary>
internal static class Confinement
{
    /// <summary>As the engine's client takes it.</summary>
    public static readonly IReadOnlyList<string> Options =
        ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
}
