namespace NovaId.Emulator.Hydra;

/// <summary>A member of a client's metadata.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Kind">Its type.</param>
/// <param name="OmitEmpty">Whether Hydra leaves it out where it is empty.</param>
internal sealed record ClientMember(string Name, ClientMemberKind Kind, bool OmitEmpty = false);
