namespace NovaId.Accounts.Device;

/// <summary>The code that a device shows, as far as it is known, and what was wrong with it.</summary>
public sealed record DeviceModel(string Challenge, string UserCode, string? Problem);
