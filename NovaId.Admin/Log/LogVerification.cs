namespace NovaId.Admin.Log;

/// <summary>What a check of the whole log found.</summary>
public sealed record LogVerification(bool Valid, long Records, long? CompleteFrom, LogBreak? FirstBroken, LogHead? Head, int Segments);
