namespace NovaId.Pages.Gateway;

/// <summary>Whether somebody is logged in.</summary>
/// <param name="Session">Their session; null if there is none that counts.</param>
/// <param name="NeedsSecondFactor">There is one, but it counts only after a second factor.</param>
public sealed record SessionAnswer(PersonSession? Session, bool NeedsSecondFactor);
