namespace NovaId.Accounts.Flows;

/// <summary>One of Kratos' self-service flows.</summary>
public sealed record FlowKind(string Name)
{
    public static readonly FlowKind Login = new("login");
    public static readonly FlowKind Registration = new("registration");
    public static readonly FlowKind Recovery = new("recovery");
    public static readonly FlowKind Verification = new("verification");
    public static readonly FlowKind Settings = new("settings");

    public static IReadOnlyList<FlowKind> All { get; } = [Login, Registration, Recovery, Verification, Settings];

    /// <summary>Our page for it.</summary>
    public string Path => $"{AccountsApplication.BasePath}/{Name}";

    /// <summary>Where Kratos begins one for a browser.</summary>
    public string Begin => $"/.ory/kratos/public/self-service/{Name}/browser";
}
