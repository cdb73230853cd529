namespace Aspire.Hosting.Networks;

/// <summary>Where one looks from.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Attachment">What the engine attaches the probe to; empty for this machine.</param>
/// <param name="Networks">The engine's names of the networks that the model lets it reach.</param>
/// <param name="Aliases">The names under which it knows this machine.</param>
internal sealed record Place(string Name, PlaceKind Kind, string Attachment, IReadOnlySet<string> Networks, IReadOnlySet<string> Aliases)
{
    public static Place OfContainer(NetworkMember member) =>
        new(member.Name, PlaceKind.Container, $"container:{member.ContainerName}", member.Networks, member.Aliases);

    /// <summary>Whether this is the inside of that container.</summary>
    public bool Is(NetworkMember member) => Kind == PlaceKind.Container && Attachment == OfContainer(member).Attachment;

    /// <summary>Whether the engine's names mean anything there.</summary>
    public bool KnowsNames => Kind != PlaceKind.Machine;
}
