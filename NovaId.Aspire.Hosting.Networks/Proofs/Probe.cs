namespace Aspire.Hosting.Networks;

/// <summary>One question from one place, and what the model says will come of it.</summary>
/// <param name="From">The place.</param>
/// <param name="Target">What is looked for.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Expected">What the model says.</param>
/// <param name="Control">
/// An address beside the one asked, which nobody has. What answers there too is something in between that answers for every address.
/// </param>
internal sealed record Probe(Place From, string Target, Question Question, Expectation Expected, string? Control = null)
{
    public Question? ControlQuestion => Control is null ? null : Question with { Address = Control };

    /// <summary>Whether what was seen is what the model says.</summary>
    public bool IsAsExpected(Reply seen, Reply? control) => Expected switch
    {
        Expectation.Answers => seen.Outcome == Outcome.Answers,
        Expectation.Refuses => seen.Outcome == Outcome.Refused,
        Expectation.NoSuchName => seen.Outcome == Outcome.NoSuchName,
        Expectation.Nothing => seen.Outcome is Outcome.Refused or Outcome.Unreachable or Outcome.TimedOut || IsInBetween(seen, control),
        _ => true,
    };

    /// <summary>Whether it is something in between that answers, and not the one who was asked.</summary>
    public static bool IsInBetween(Reply seen, Reply? control) =>
        seen == control && seen.Outcome is Outcome.OtherAnswer or Outcome.NothingSaid;
}
