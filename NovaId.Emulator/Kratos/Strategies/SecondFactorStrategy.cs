namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>A second factor that is one code in one input: who is logged in with their first adds it to their session.</summary>
internal abstract class SecondFactorStrategy(SelfService selfService) : ILoginStrategy
{
    public abstract string Method { get; }

    public string AssuranceLevel => Session.Aal2;

    protected SelfService SelfService { get; } = selfService;

    /// <summary>The name of the input.</summary>
    protected abstract string Field { get; }

    /// <summary>The group of nodes.</summary>
    protected abstract string Group { get; }

    /// <summary>What stands at the input.</summary>
    protected abstract UiMessage FieldLabel { get; }

    /// <summary>What stands on the button.</summary>
    protected abstract UiMessage ButtonLabel { get; }

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal != Session.Aal2 || current?.Identity.Credentials.ContainsKey(Method) != true)
        {
            return;
        }

        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(new UiInput(Group, Field, "text") { Value = "", Required = true, Label = FieldLabel });
        flow.Ui.Append(UiInput.Submit(Group, Method, ButtonLabel));
    }

    public Task<Outcome> LoginAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (flow.RequestedAal != Session.Aal2 || !SelfService.IsFor(submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        try
        {
            var code = submission[Field] ?? throw new FormException(UiMessage.Required(Field), Field);
            RequireForm(code);
            SelfService.RequireCsrfToken(http, flow, submission);
            var identity = Authenticate(attempt.Holder.Identity.Id, code);
            flow.Active = Method;
            SelfService.Save(flow);
            return Task.FromResult(Outcome.Of(identity));
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.Reset(Field);
            if (flow.IsBrowser)
            {
                flow.Ui.SetCsrf(CsrfProtection.Token(http));
            }

            throw;
        }
    }

    /// <summary>Refuses what cannot be a code, before anybody asks who sent it.</summary>
    /// <exception cref="FormException">It is none.</exception>
    protected virtual void RequireForm(string code)
    {
    }

    /// <summary>The identity whose code it is.</summary>
    /// <exception cref="FormException">It is not theirs.</exception>
    protected abstract Identity Authenticate(Guid holder, string code);
}
