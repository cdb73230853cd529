namespace NovaId.Demo.Calls;

/// <summary>A call, what was filled in, and what came of it; null before it was sent.</summary>
public sealed class CallModel
{
    internal CallModel(ApiCall call, CallForm form, CallOutcome? outcome, bool isGranted) => (Call, Form, Outcome, IsGranted) = (call, form, outcome, isGranted);

    /// <summary>What came of it.</summary>
    public CallOutcome? Outcome { get; }

    /// <summary>Whether the person granted the scope that it takes.</summary>
    public bool IsGranted { get; }

    internal ApiCall Call { get; }

    internal CallForm Form { get; }
}
