using NovaId.AppHost.Tests.Zones;
using NovaId.Contract;
using NovaId.Contract.Api;
using NovaId.Contract.Attacks;
using NovaId.Contract.Codes;
using NovaId.Contract.Factors;
using NovaId.Contract.Faults;
using NovaId.Contract.Gateway;
using NovaId.Contract.OAuth2;
using NovaId.Contract.Permissions;
using NovaId.Contract.Revocation;
using NovaId.Contract.Sessions;

[assembly: AssemblyFixture(typeof(ContainerZone))]

namespace NovaId.AppHost.Tests.Contract;

/// <summary>The contract on the container zone: real Ory, started by the AppHost.</summary>
public static class OnContainers
{
    public sealed class Registration(ContainerZone zone) : RegistrationContract(zone);

    public sealed class Login(ContainerZone zone) : LoginContract(zone);

    public sealed class BrowserLogin(ContainerZone zone) : BrowserLoginContract(zone);

    public sealed class Session(ContainerZone zone) : SessionContract(zone);

    public sealed class Trait(ContainerZone zone) : TraitContract(zone);

    public sealed class Settings(ContainerZone zone) : SettingsContract(zone);

    public sealed class Verification(ContainerZone zone) : VerificationContract(zone);

    public sealed class Recovery(ContainerZone zone) : RecoveryContract(zone);

    public sealed class CodeLogin(ContainerZone zone) : CodeLoginContract(zone);

    public sealed class CodeRegistration(ContainerZone zone) : CodeRegistrationContract(zone);

    public sealed class Form(ContainerZone zone) : FormContract(zone);

    public sealed class Totp(ContainerZone zone) : TotpContract(zone);

    public sealed class LookupSecret(ContainerZone zone) : LookupSecretContract(zone);

    public sealed class Passkey(ContainerZone zone) : PasskeyContract(zone);

    public sealed class ClientCredentials(ContainerZone zone) : ClientCredentialsContract(zone);

    public sealed class ClientAssertion(ContainerZone zone) : ClientAssertionContract(zone);

    public sealed class AuthorizationCode(ContainerZone zone) : AuthorizationCodeContract(zone);

    public sealed class RefreshToken(ContainerZone zone) : RefreshTokenContract(zone);

    public sealed class OpenIdConnect(ContainerZone zone) : OpenIdConnectContract(zone);

    public sealed class Logout(ContainerZone zone) : LogoutContract(zone);

    public sealed class DeviceAuthorization(ContainerZone zone) : DeviceAuthorizationContract(zone);

    public sealed class RequestDecoding(ContainerZone zone) : RequestDecodingContract(zone);

    public sealed class Address(ContainerZone zone) : AddressContract(zone);

    public sealed class RequestHeader(ContainerZone zone) : RequestHeaderContract(zone);

    public sealed class TokenUse(ContainerZone zone) : TokenUseContract(zone);

    public sealed class ServiceRoute(ContainerZone zone) : ServiceRouteContract(zone);

    public sealed class StoredText(ContainerZone zone) : StoredTextContract(zone);

    public sealed class ServiceDecoding(ContainerZone zone) : ServiceDecodingContract(zone);

    public sealed class SubmissionDecoding(ContainerZone zone) : SubmissionDecodingContract(zone);

    public sealed class ClosedRoute(ContainerZone zone) : ClosedRouteContract(zone);

    public sealed class CrossOrigin(ContainerZone zone) : CrossOriginContract(zone);

    public sealed class OfficeRoute(ContainerZone zone) : OfficeRouteContract(zone);

    public sealed class Path(ContainerZone zone) : PathContract(zone);

    public sealed class Caller(ContainerZone zone) : CallerContract(zone);

    public sealed class Upstream(ContainerZone zone) : UpstreamContract(zone);

    public sealed class Rank(ContainerZone zone) : RankContract(zone);

    public sealed class Capability(ContainerZone zone) : CapabilityContract(zone);

    public sealed class DocumentPermissions(ContainerZone zone) : DocumentPermissionContract(zone);

    public sealed class Me(ContainerZone zone) : MeContract(zone);

    public sealed class UserAccess(ContainerZone zone) : UserAccessContract(zone);

    public sealed class UserSearch(ContainerZone zone) : UserSearchContract(zone);

    public sealed class Explanation(ContainerZone zone) : ExplanationContract(zone);

    public sealed class CapabilityList(ContainerZone zone) : CapabilityListContract(zone);

    public sealed class AllKeys(ContainerZone zone) : AllKeysContract(zone);

    public sealed class Check(ContainerZone zone) : CheckContract(zone);

    public sealed class User(ContainerZone zone) : UserContract(zone);

    public sealed class RankChange(ContainerZone zone) : RankChangeContract(zone);

    public sealed class Deactivation(ContainerZone zone) : DeactivationContract(zone);

    public sealed class Document(ContainerZone zone) : DocumentContract(zone);

    public sealed class Key(ContainerZone zone) : KeyContract(zone);

    public sealed class AccessLog(ContainerZone zone) : AccessLogContract(zone);

    public sealed class Request(ContainerZone zone) : RequestContract(zone);

    public sealed class DirectCall(ContainerZone zone) : DirectCallContract(zone);

    public sealed class ForgedIdentity(ContainerZone zone) : ForgedIdentityContract(zone);

    public sealed class PathAttack(ContainerZone zone) : PathAttackContract(zone);

    public sealed class TokenAttack(ContainerZone zone) : TokenAttackContract(zone);

    public sealed class Privilege(ContainerZone zone) : PrivilegeContract(zone);

    public sealed class AssuranceAttack(ContainerZone zone) : AssuranceAttackContract(zone);

    public sealed class SessionAttack(ContainerZone zone) : SessionAttackContract(zone);

    public sealed class Account(ContainerZone zone) : AccountContract(zone);

    public sealed class Assurance(ContainerZone zone) : AssuranceContract(zone);

    public sealed class Limit(ContainerZone zone) : LimitContract(zone);

    public sealed class Revocation(ContainerZone zone) : RevocationContract(zone);

    public sealed class ServiceTokenRevocation(ContainerZone zone) : ServiceTokenRevocationContract(zone);

    [Collection<ServicesFail>]
    public sealed class KratosFaults(FaultyContainerZone zone) : FaultContract(zone, FaultyService.Kratos);

    [Collection<ServicesFail>]
    public sealed class HydraFaults(FaultyContainerZone zone) : FaultContract(zone, FaultyService.Hydra);

    [Collection<ServicesFail>]
    public sealed class AccountFaults(FaultyContainerZone zone) : AccountFaultContract(zone);

    [Collection<ServicesFail>]
    public sealed class Crash(FaultyContainerZone zone) : CrashContract(zone);

    [Collection<ServicesFail>]
    public sealed class KetoFaults(FaultyContainerZone zone) : FaultContract(zone, FaultyService.Keto);

    /// <summary>Cases that share a zone of their own, one after the other, with nothing else at work beside them: they look at how long answers take.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class ServicesFail : ICollectionFixture<FaultyContainerZone>;
}
