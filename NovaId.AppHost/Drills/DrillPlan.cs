using System.Globalization;

namespace NovaId.AppHost.Drills;

/// <summary>What a drill is to do.</summary>
/// <param name="Service">The service that fails.</param>
/// <param name="Mode">How it fails.</param>
/// <param name="Duration">For how long.</param>
internal sealed record DrillPlan(ContainerResource Service, DrillMode Mode, TimeSpan Duration)
{
    /// <summary>The shortest, in seconds: the API gives all its questions for a request two seconds together.</summary>
    public const int Shortest = 3;

    /// <summary>The longest, in seconds.</summary>
    public const int Longest = 120;

    /// <summary>Unless something else is said, in seconds.</summary>
    public const int Usual = 10;

    /// <summary>Reads what somebody typed or chose.</summary>
    /// <param name="services">The services that can be made to fail.</param>
    /// <param name="service">The name of one of them.</param>
    /// <param name="mode">How it fails.</param>
    /// <param name="seconds">For how long; nothing is <see cref="Usual"/>.</param>
    /// <exception cref="DrillException">Something is none of what can be chosen.</exception>
    public static DrillPlan Read(IReadOnlyList<ContainerResource> services, string? service, string? mode, string? seconds)
    {
        var resource = services.FirstOrDefault(resource => resource.Name == service)
            ?? throw new DrillException($"There is no service '{service}'. Choose from {string.Join(", ", services.Select(resource => resource.Name))}.");
        if (!Modes.Contains(mode))
        {
            throw new DrillException($"A service cannot be '{mode}'. Choose from {string.Join(", ", Modes)}.");
        }

        var duration = Usual;
        return string.IsNullOrWhiteSpace(seconds)
            || (int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out duration) && duration is >= Shortest and <= Longest)
            ? new(resource, Enum.Parse<DrillMode>(mode!, ignoreCase: true), TimeSpan.FromSeconds(duration))
            : throw new DrillException($"A drill cannot take '{seconds}' seconds. Choose a whole number from {Shortest} to {Longest}.");
    }

    /// <summary>The modes by their names.</summary>
    public static IReadOnlyList<string> Modes { get; } = [.. Enum.GetNames<DrillMode>().Select(name => name.ToLowerInvariant())];
}
