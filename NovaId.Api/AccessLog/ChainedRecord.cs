namespace NovaId.Api.AccessLog;

/// <summary>A record in its place.</summary>
/// <param name="Id">Its number: each is one more than the one before.</param>
/// <param name="Previous">The hash of the record before it, also where that one is in another segment.</param>
/// <param name="Hash">Its own hash.</param>
/// <param name="Record">What it says.</param>
internal sealed record ChainedRecord(long Id, byte[] Previous, byte[] Hash, LogRecord Record);
