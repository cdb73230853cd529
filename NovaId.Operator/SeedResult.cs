namespace NovaId.Operator;

/// <summary>What seeding changed.</summary>
/// <param name="TuplesAdded">How many relation tuples were missing.</param>
/// <param name="TuplesRemoved">How many were too much.</param>
/// <param name="General">The e-mail address of the first General, if one was needed; null if there was one.</param>
public sealed record SeedResult(int TuplesAdded, int TuplesRemoved, string? General)
{
    /// <summary>The first General's password, if one was generated, known here and nowhere else.</summary>
    public string? Password { get; init; }

    /// <summary>Whether anything was changed.</summary>
    public bool HasChanged => TuplesAdded > 0 || TuplesRemoved > 0 || General is not null;

    /// <summary>The numbers without the password, so that no log shows it.</summary>
    /// <returns>The numbers.</returns>
    public override string ToString() => FormattableString.Invariant($"{TuplesAdded} added, {TuplesRemoved} removed, General {General ?? "there before"}");
}
