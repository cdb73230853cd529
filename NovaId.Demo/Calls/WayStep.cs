namespace NovaId.Demo.Calls;

/// <summary>One step of the way that a call took.</summary>
/// <param name="By">Who was asked: demo, gateway, api, kratos, keto or hydra.</param>
/// <param name="Asked">What.</param>
/// <param name="Answer">The answer.</param>
/// <param name="IsYes">Whether the call went on by it; null if nothing hung on it.</param>
/// <param name="At">When it began, in milliseconds from the call's beginning.</param>
/// <param name="Duration">How long it took, in milliseconds.</param>
public sealed record WayStep(string By, string Asked, string? Answer, bool? IsYes, double At, double Duration);
