namespace NovaId.Accounts.Hydra;

/// <summary>The code that a device shows.</summary>
internal sealed record DeviceAcceptance(string UserCode);
