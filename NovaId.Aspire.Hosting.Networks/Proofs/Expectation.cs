namespace Aspire.Hosting.Networks;

/// <summary>What the model lets one see.</summary>
internal enum Expectation
{
    /// <summary>The service answers.</summary>
    Answers,

    /// <summary>The container is there, and refuses: the port is open to itself alone.</summary>
    Refuses,

    /// <summary>The name means nothing there.</summary>
    NoSuchName,

    /// <summary>Nothing answers.</summary>
    Nothing,

    /// <summary>The model promises nothing: no network stands in between.</summary>
    NotPromised,
}
