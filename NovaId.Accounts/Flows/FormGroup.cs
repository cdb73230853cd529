namespace NovaId.Accounts.Flows;

/// <summary>The parts of a form that belong to one way of doing it, such as a password.</summary>
public sealed record FormGroup(string Name, IReadOnlyList<UiNode> Nodes)
{
    private static readonly string[] Order = ["profile", "password", "code", "link", "totp", "passkey", "webauthn", "lookup_secret", "oidc", "saml"];

    /// <summary>Where a group stands among others; one that nobody foresaw stands last.</summary>
    public static int PlaceOf(string name) => Array.IndexOf(Order, name) is var place and >= 0 ? place : Order.Length;

    /// <summary>Whether it can only be used with a script: no field, no button that sends.</summary>
    public bool NeedsScript => Nodes.Any(node => node.Attributes?.OnclickTrigger is not null) && !Nodes.Any(node => node.IsSubmit);
}
