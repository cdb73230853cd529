using Microsoft.AspNetCore.Http;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Pages.Components;

/// <summary>Before this is done, somebody shows once more who they are, and comes back to where they were.</summary>
/// <param name="Text">What is missing.</param>
/// <param name="Address">The way there and back.</param>
/// <param name="Back">The page to come back to.</param>
public sealed record StepUpModel(string Text, string Address, string? Back)
{
    /// <summary>The page that leads to it.</summary>
    /// <param name="gap">What the API wants.</param>
    /// <param name="returnTo">The page to come back to, with what was entered there.</param>
    /// <returns>The page; null if there is no way.</returns>
    public static IResult? For(AssuranceGap? gap, string? returnTo) =>
        gap?.AddressFor(returnTo) is { } address
            ? Page.Show<StepUpPage, StepUpModel>(
                new StepUpModel(gap.Missing?.Contains("secondFactor") == true ? Texts.StepUp_SecondFactor : Texts.StepUp_RecentLogin, address, returnTo),
                StatusCodes.Status403Forbidden)
            : null;
}
