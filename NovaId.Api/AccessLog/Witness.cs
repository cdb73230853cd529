namespace NovaId.Api.AccessLog;

/// <summary>Something outside the log that knows how far it went.</summary>
/// <param name="Id">A record that must be there.</param>
/// <param name="Hash">The hash that it must have.</param>
/// <param name="Name">What says so, for messages.</param>
internal sealed record Witness(long Id, byte[] Hash, string Name);
