namespace NovaId.Api.AccessLog;

/// <summary>The last record. Whoever keeps it elsewhere can later prove that the log was not rewritten as a whole.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Hash">Its hash, in hexadecimal.</param>
internal sealed record LogHead(long Id, string Hash);
