namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Codes by e-mail. Submissions for them answer 501; what is here is their part in the forms of the other methods.</summary>
internal sealed class CodeStrategy(SelfService selfService) : ILoginStrategy
{
    public string Method => Credential.Code;

    public string AssuranceLevel => Session.Aal1;

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        // Also where somebody signs in again: Kratos puts this over the known identifier.
        if (flow.RequestedAal == Session.Aal1 && selfService.Configuration.CodeSignsIn)
        {
            flow.Ui.Upsert(UiInput.Identifier(selfService.Configuration.DefaultSchema));
        }
    }

    public Task<Outcome> LoginAsync(Attempt attempt) => Task.FromResult(Outcome.NotResponsible);
}
