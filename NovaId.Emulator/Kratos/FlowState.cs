namespace NovaId.Emulator.Kratos;

/// <summary>How far a flow has come.</summary>
internal static class FlowState
{
    public const string ChooseMethod = "choose_method";
    public const string EmailSent = "sent_email";
    public const string PassedChallenge = "passed_challenge";
}
