using NovaId.Contract.Api;
using NovaId.Contract.Gateway;
using NovaId.Contract.OAuth2;
using NovaId.Contract.Permissions;
using NovaId.Contract.Sessions;
using NovaId.Tests.Zones;

[assembly: AssemblyFixture(typeof(NativeZone))]

namespace NovaId.Tests.Contract;

/// <summary>The contract on the real Ory programs.</summary>
public static class OnRealOry
{
    public sealed class Registration(NativeZone zone) : RegistrationContract(zone);

    public sealed class Login(NativeZone zone) : LoginContract(zone);

    public sealed class BrowserLogin(NativeZone zone) : BrowserLoginContract(zone);

    public sealed class Session(NativeZone zone) : SessionContract(zone);

    public sealed class Settings(NativeZone zone) : SettingsContract(zone);

    public sealed class ClientCredentials(NativeZone zone) : ClientCredentialsContract(zone);

    public sealed class AuthorizationCode(NativeZone zone) : AuthorizationCodeContract(zone);

    public sealed class RefreshToken(NativeZone zone) : RefreshTokenContract(zone);

    public sealed class OpenIdConnect(NativeZone zone) : OpenIdConnectContract(zone);

    public sealed class TokenUse(NativeZone zone) : TokenUseContract(zone);

    public sealed class ServiceRoute(NativeZone zone) : ServiceRouteContract(zone);

    public sealed class ClosedRoute(NativeZone zone) : ClosedRouteContract(zone);

    public sealed class Path(NativeZone zone) : PathContract(zone);

    public sealed class Caller(NativeZone zone) : CallerContract(zone);

    public sealed class Upstream(NativeZone zone) : UpstreamContract(zone);

    public sealed class Rank(NativeZone zone) : RankContract(zone);

    public sealed class Capability(NativeZone zone) : CapabilityContract(zone);

    public sealed class DocumentPermissions(NativeZone zone) : DocumentPermissionContract(zone);

    public sealed class Me(NativeZone zone) : MeContract(zone);

    public sealed class Check(NativeZone zone) : CheckContract(zone);

    public sealed class User(NativeZone zone) : UserContract(zone);

    public sealed class RankChange(NativeZone zone) : RankChangeContract(zone);

    public sealed class Deactivation(NativeZone zone) : DeactivationContract(zone);

    public sealed class Document(NativeZone zone) : DocumentContract(zone);

    public sealed class Key(NativeZone zone) : KeyContract(zone);

    public sealed class AccessLog(NativeZone zone) : AccessLogContract(zone);

    public sealed class Request(NativeZone zone) : RequestContract(zone);

    public sealed class DirectCall(NativeZone zone) : DirectCallContract(zone);
}
