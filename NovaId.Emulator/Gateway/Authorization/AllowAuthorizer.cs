using NovaId.Emulator.Gateway.Authentication;

namespace NovaId.Emulator.Gateway.Authorization;

/// <summary>Lets every authenticated request pass.</summary>
internal sealed class AllowAuthorizer : IAuthorizer
{
    public void Authorize(AuthenticationSession session)
    {
    }
}
