using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Home;

/// <summary>A person at the beginning of their account.</summary>
public sealed record HomeModel(PersonSession Session, Account? Account)
{
    /// <summary>The address that nobody has confirmed yet.</summary>
    public string? Unconfirmed => Session.Identity?.VerifiableAddresses?.FirstOrDefault(address => !address.Verified)?.Value;
}
