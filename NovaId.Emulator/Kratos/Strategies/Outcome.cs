namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>What a strategy made of a submission.</summary>
internal sealed record Outcome
{
    private Outcome(bool isResponsible, Identity? identity)
    {
        IsResponsible = isResponsible;
        Identity = identity;
    }

    /// <summary>The submission is for another method.</summary>
    public static Outcome NotResponsible { get; } = new(false, null);

    /// <summary>The strategy has written the response; the flow goes on with another submission.</summary>
    public static Outcome Answered { get; } = new(true, null);

    public bool IsResponsible { get; }

    /// <summary>Who signed in, is to be created, or was changed; null if the response is written.</summary>
    public Identity? Identity { get; }

    public static Outcome Of(Identity identity) => new(true, identity);
}
