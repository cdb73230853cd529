namespace NovaId.Api.AccessLog;

/// <summary>How far the log goes. It is sealed, so that nobody without the key can move it.</summary>
/// <param name="Segment">The segment that it belongs to.</param>
/// <param name="First">The first record that must be there: those before were removed by the log's own retention.</param>
/// <param name="Last">The last record; 0 if there is none yet.</param>
/// <param name="Hash">The hash of the last record.</param>
internal sealed record SealedHead(int Segment, long First, long Last, byte[] Hash);
