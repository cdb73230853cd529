using System.Text.Json;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>The traits that a registration submits, and the identity that they make.</summary>
internal sealed class TraitsForm
{
    private readonly SelfService _selfService;
    private readonly Attempt _attempt;
    private readonly IdentitySchema _schema;
    private readonly JsonElement _traits;

    public TraitsForm(SelfService selfService, Attempt attempt)
    {
        _selfService = selfService;
        _attempt = attempt;
        _schema = selfService.Configuration.DefaultSchema;
        _traits = attempt.Submission.Traits(_schema);
    }

    public JsonElement Traits => _traits;

    /// <exception cref="FormException">The traits are not what the schema asks for, or one of the other messages applies.</exception>
    public void RequireValid(params IReadOnlyList<(string? Input, UiMessage Message)> others)
    {
        List<(string? Input, UiMessage Message)> wrong = [.. _schema.ValidateSubmitted(_traits)?.ToMessages() ?? [], .. others];
        if (wrong.Count > 0)
        {
            throw new FormException(wrong);
        }
    }

    /// <summary>A new identity with these traits and what follows from them.</summary>
    /// <exception cref="FormException">The identity is not what the schema asks for.</exception>
    public Identity ToIdentity()
    {
        if (_schema.Validate(_traits) is { } violation)
        {
            throw new FormException([.. violation.ToMessages()]);
        }

        var now = _selfService.Now;
        return new Identity
        {
            Id = Guid.NewGuid(),
            Schema = _schema,
            State = Identity.Active,
            StateChangedAt = now,
            Traits = _traits,
            CreatedAt = now,
            UpdatedAt = now,
        }.WithTraits(_traits, now);
    }

    /// <summary>Shows in the form what was submitted.</summary>
    public void FillIn()
    {
        foreach (var (name, value) in KratosJson.Flatten(_traits, "traits"))
        {
            _attempt.Flow.Ui.SetValue(name, value);
        }

        if (_attempt.Flow.IsBrowser)
        {
            _attempt.Flow.Ui.SetCsrf(CsrfProtection.Token(_attempt.Http));
        }
    }
}
