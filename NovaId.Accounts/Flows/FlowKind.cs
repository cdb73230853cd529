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
    public string Begin => $"/{Root}/browser";

    private string Root => $".ory/kratos/public/self-service/{Name}";

    /// <summary>Where Kratos shows one to the browser that began it: the path below the gateway's address.</summary>
    public string PathOf(Guid flow) => $"{Root}/flows?id={flow}";
}
