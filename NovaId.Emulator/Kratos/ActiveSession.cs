namespace NovaId.Emulator.Kratos;

/// <summary>A session that holds, with the identity whose it is.</summary>
internal readonly record struct ActiveSession(Session Session, Identity Identity);
