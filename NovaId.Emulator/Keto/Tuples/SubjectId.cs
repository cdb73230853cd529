namespace NovaId.Emulator.Keto.Tuples;

/// <summary>A subject by its id.</summary>
/// <param name="Id">The id; Keto gives it no meaning.</param>
internal sealed record SubjectId(string Id) : Subject;
