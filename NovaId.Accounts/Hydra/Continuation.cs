namespace NovaId.Accounts.Hydra;

/// <summary>Where the browser goes on.</summary>
internal sealed record Continuation(string? RedirectTo);
