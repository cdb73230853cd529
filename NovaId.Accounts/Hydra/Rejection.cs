namespace NovaId.Accounts.Hydra;

/// <summary>Somebody says no.</summary>
internal sealed record Rejection(string Error, string ErrorDescription, int StatusCode);
