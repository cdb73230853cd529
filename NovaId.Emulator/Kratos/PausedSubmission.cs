namespace NovaId.Emulator.Kratos;

/// <summary>A submission that waits until its sender has signed in again.</summary>
internal sealed record PausedSubmission(Guid IdentityId, Guid FlowId, Submission Submission, DateTimeOffset ExpiresAt);
