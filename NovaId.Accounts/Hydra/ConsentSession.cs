namespace NovaId.Accounts.Hydra;

/// <summary>What the tokens carry: for the API, how strongly somebody showed who they are; for the application, what its scopes let it know.</summary>
internal sealed record ConsentSession(IReadOnlyDictionary<string, object> AccessToken, IReadOnlyDictionary<string, object> IdToken);
