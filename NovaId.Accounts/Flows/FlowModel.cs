namespace NovaId.Accounts.Flows;

/// <summary>A flow and the page around it.</summary>
public sealed record FlowModel(FlowKind Kind, KratosFlow Flow)
{
    /// <summary>The name of the application for which somebody logs in or registers.</summary>
    public string? ApplicationName => Flow.Oauth2LoginRequest?.Client?.DisplayName;

    public bool IsSecondFactor => Kind == FlowKind.Login && Flow.RequestedAal == "aal2";

    /// <summary>Where Kratos is asked whether it is there to take the form: it looks for this flow, and so do its database and whoever else it needs.</summary>
    public string? Question => Guid.TryParse(Flow.Id, out var id) ? $"/{Kind.PathOf(id)}" : null;

    /// <summary>The same address of another flow: the way back, or the application that waits, goes along.</summary>
    public string Beside(FlowKind other)
    {
        var (name, value) = Flow.Oauth2LoginChallenge is { Length: > 0 } challenge
            ? ("login_challenge", challenge)
            : ("return_to", Pages.Http.ReturnAddress.Checked(Relative(Flow.ReturnTo)));
        return value is null ? other.Path : Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(other.Path, name, value);
    }

    private static string? Relative(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri.PathAndQuery : address;
}
