namespace NovaId.Api.AccessLog;

/// <summary>Where the chain breaks.</summary>
/// <param name="Id">The first record that is not as it was sealed, or not there.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record BrokenRecord(long Id, string Problem);
