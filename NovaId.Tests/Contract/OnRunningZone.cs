using NovaId.Contract.Api;
using NovaId.Contract.Gateway;
using NovaId.Contract.OAuth2;
using NovaId.Contract.Permissions;
using NovaId.Contract.Sessions;
using NovaId.Tests.Zones;

[assembly: AssemblyFixture(typeof(ExternalZone))]

namespace NovaId.Tests.Contract;

/// <summary>The contract on a zone that already runs.</summary>
public static class OnRunningZone
{
    public sealed class Registration(ExternalZone zone) : RegistrationContract(zone);

    public sealed class Login(ExternalZone zone) : LoginContract(zone);

    public sealed class BrowserLogin(ExternalZone zone) : BrowserLoginContract(zone);

    public sealed class Session(ExternalZone zone) : SessionContract(zone);

    public sealed class Settings(ExternalZone zone) : SettingsContract(zone);

    public sealed class ClientCredentials(ExternalZone zone) : ClientCredentialsContract(zone);

    public sealed class AuthorizationCode(ExternalZone zone) : AuthorizationCodeContract(zone);

    public sealed class RefreshToken(ExternalZone zone) : RefreshTokenContract(zone);

    public sealed class OpenIdConnect(ExternalZone zone) : OpenIdConnectContract(zone);

    public sealed class TokenUse(ExternalZone zone) : TokenUseContract(zone);

    public sealed class ServiceRoute(ExternalZone zone) : ServiceRouteContract(zone);

    public sealed class ClosedRoute(ExternalZone zone) : ClosedRouteContract(zone);

    public sealed class Path(ExternalZone zone) : PathContract(zone);

    public sealed class Caller(ExternalZone zone) : CallerContract(zone);

    public sealed class Upstream(ExternalZone zone) : UpstreamContract(zone);

    public sealed class Rank(ExternalZone zone) : RankContract(zone);

    public sealed class Capability(ExternalZone zone) : CapabilityContract(zone);

    public sealed class DocumentPermissions(ExternalZone zone) : DocumentPermissionContract(zone);

    public sealed class Me(ExternalZone zone) : MeContract(zone);

    public sealed class Check(ExternalZone zone) : CheckContract(zone);

    public sealed class User(ExternalZone zone) : UserContract(zone);

    public sealed class RankChange(ExternalZone zone) : RankChangeContract(zone);

    public sealed class Deactivation(ExternalZone zone) : DeactivationContract(zone);

    public sealed class Document(ExternalZone zone) : DocumentContract(zone);

    public sealed class Key(ExternalZone zone) : KeyContract(zone);

    public sealed class AccessLog(ExternalZone zone) : AccessLogContract(zone);

    public sealed class Request(ExternalZone zone) : RequestContract(zone);

    public sealed class DirectCall(ExternalZone zone) : DirectCallContract(zone);
}
