namespace NovaId.Api.Timing;

/// <summary>What a step answered.</summary>
/// <param name="Text">The answer, for a person.</param>
/// <param name="IsYes">Whether the request may go on by it; null if nothing hangs on it.</param>
internal readonly record struct StepAnswer(string Text, bool? IsYes)
{
    public static StepAnswer Of(bool isYes) => new(isYes ? "yes" : "no", isYes);

    public static StepAnswer None => new("no answer", false);
}
