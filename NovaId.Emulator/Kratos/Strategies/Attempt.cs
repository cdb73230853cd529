namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>A submission to a flow.</summary>
/// <param name="Http">The request.</param>
/// <param name="Flow">The flow; a copy, which is kept only when it is saved.</param>
/// <param name="Submission">What was sent.</param>
/// <param name="Current">The session of whoever sent it; null without one.</param>
internal sealed record Attempt(HttpContext Http, Flow Flow, Submission Submission, ActiveSession? Current)
{
    /// <summary>The session, in a flow that nobody sees without one.</summary>
    public ActiveSession Holder => Current ?? throw new InvalidOperationException("This flow needs a session.");
}
