namespace Aspire.Hosting.Networks;

/// <summary>What came of a question.</summary>
internal enum Outcome
{
    /// <summary>The service answered.</summary>
    Answers,

    /// <summary>Something answered, and it is not what the service says.</summary>
    OtherAnswer,

    /// <summary>The connection was accepted, and nothing was said.</summary>
    NothingSaid,

    /// <summary>The connection was refused.</summary>
    Refused,

    /// <summary>There is no way there.</summary>
    Unreachable,

    /// <summary>Nothing came in time.</summary>
    TimedOut,

    /// <summary>The name means nothing there.</summary>
    NoSuchName,

    /// <summary>The question was not asked to its end.</summary>
    Unknown,
}
