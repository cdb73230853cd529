namespace NovaId.Api.AccessLog;

/// <summary>What a check of the access log found.</summary>
/// <param name="Valid">Whether every record is as it was sealed, and none is missing.</param>
/// <param name="Records">How many records were checked and found right, those that the log writes of itself too.</param>
/// <param name="CompleteFrom">The record from which on the log is complete; null if it has none. Earlier ones were removed by retention.</param>
/// <param name="FirstBroken">The first record that is not right; null if all are.</param>
/// <param name="Head">The last record that was checked; null if there is none.</param>
/// <param name="Segments">How many segments the log has.</param>
internal sealed record LogVerification(bool Valid, long Records, long? CompleteFrom, BrokenRecord? FirstBroken, LogHead? Head, int Segments);
