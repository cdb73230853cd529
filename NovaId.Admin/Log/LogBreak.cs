namespace NovaId.Admin.Log;

/// <summary>The first record that is not as it was written.</summary>
public sealed record LogBreak(long Id, string Problem);
