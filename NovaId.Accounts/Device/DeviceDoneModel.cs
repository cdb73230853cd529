namespace NovaId.Accounts.Device;

/// <summary>Nothing but the page itself.</summary>
public sealed record DeviceDoneModel;
