using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Flows;

/// <summary>A self-service flow, as Kratos shows it.</summary>
public sealed record KratosFlow
{
    public string? Id { get; init; }

    public UiContainer? Ui { get; init; }

    /// <summary>How far it got; Kratos writes a word here, and for some flows an object.</summary>
    public System.Text.Json.JsonElement State { get; init; }

    public string? ReturnTo { get; init; }

    public string? RequestUrl { get; init; }

    /// <summary>Somebody who is logged in shows again who they are.</summary>
    public bool Refresh { get; init; }

    public string? RequestedAal { get; init; }

    public string? Oauth2LoginChallenge { get; init; }

    public OAuth2LoginRequest? Oauth2LoginRequest { get; init; }

    public PersonIdentity? Identity { get; init; }

    /// <summary>Whether something is wrong with one of the inputs: the page then begins there.</summary>
    public bool HasInvalidInput => Ui?.Nodes?.Any(node => node.IsVisible && node.Messages?.Any(message => message.Type == "error") == true) == true;

    public string? StateName => State.ValueKind == System.Text.Json.JsonValueKind.String ? State.GetString() : null;
}
