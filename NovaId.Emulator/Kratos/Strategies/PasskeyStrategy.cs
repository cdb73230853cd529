namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Passkeys. Submissions for them answer 501; what is here is their part in the forms of the other methods.</summary>
internal sealed class PasskeyStrategy(SelfService selfService) : ILoginStrategy
{
    public string Method => "passkey";

    public string AssuranceLevel => Session.Aal1;

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal == Session.Aal1 && !flow.Refresh)
        {
            flow.Ui.Upsert(UiInput.Identifier(selfService.Configuration.DefaultSchema) with { Autocomplete = "username webauthn" });
        }
    }

    public Task<Outcome> LoginAsync(Attempt attempt) => Task.FromResult(Outcome.NotResponsible);
}
