namespace NovaId.Contract;

/// <summary>How a service fails.</summary>
public enum FaultMode
{
    /// <summary>It refuses every connection.</summary>
    Stopped,

    /// <summary>It takes connections and requests, and never answers.</summary>
    Hanging,

    /// <summary>It takes five seconds for every answer.</summary>
    Slow,

    /// <summary>It cuts the connection in the middle of every answer.</summary>
    Cut,

    /// <summary>It answers everything with 500.</summary>
    ServerError,

    /// <summary>It answers everything with 200 and something that means nothing.</summary>
    Nonsense,

    /// <summary>It answers a question with 200 and the answer to the same question about somebody else, as it gave it before. What it is
    /// asked twice it answers twice in different ways. Only whose session it is it tells the gateway rightly: nobody but Kratos knows.</summary>
    AnotherPersonsAnswer,

    /// <summary>It answers with 200 and a body that never ends.</summary>
    EndlessBody,
}
