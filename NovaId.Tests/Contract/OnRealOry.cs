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
using NovaId.Tests.Clients;
using NovaId.Tests.Operators;
using NovaId.Tests.Zones;

[assembly: AssemblyFixture(typeof(RealZone))]

namespace NovaId.Tests.Contract;

/// <summary>The contract on the real Ory programs.</summary>
public static class OnRealOry
{
    public sealed class Registration(RealZone zone) : RegistrationContract(zone);

    public sealed class Login(RealZone zone) : LoginContract(zone);

    public sealed class BrowserLogin(RealZone zone) : BrowserLoginContract(zone);

    public sealed class Session(RealZone zone) : SessionContract(zone);

    public sealed class Trait(RealZone zone) : TraitContract(zone);

    public sealed class StoredText(RealZone zone) : StoredTextContract(zone);

    public sealed class ServiceDecoding(RealZone zone) : ServiceDecodingContract(zone);

    public sealed class SubmissionDecoding(RealZone zone) : SubmissionDecodingContract(zone);

    public sealed class KetoClient(RealZone zone) : KetoClientContract(zone);

    public sealed class Settings(RealZone zone) : SettingsContract(zone);

    public sealed class Verification(RealZone zone) : VerificationContract(zone);

    public sealed class Recovery(RealZone zone) : RecoveryContract(zone);

    public sealed class CodeLogin(RealZone zone) : CodeLoginContract(zone);

    public sealed class CodeRegistration(RealZone zone) : CodeRegistrationContract(zone);

    public sealed class Form(RealZone zone) : FormContract(zone);

    public sealed class Totp(RealZone zone) : TotpContract(zone);

    public sealed class LookupSecret(RealZone zone) : LookupSecretContract(zone);

    public sealed class Passkey(RealZone zone) : PasskeyContract(zone);

    public sealed class ClientCredentials(RealZone zone) : ClientCredentialsContract(zone);

    public sealed class ClientAssertion(RealZone zone) : ClientAssertionContract(zone);

    public sealed class AuthorizationCode(RealZone zone) : AuthorizationCodeContract(zone);

    public sealed class RefreshToken(RealZone zone) : RefreshTokenContract(zone);

    public sealed class OpenIdConnect(RealZone zone) : OpenIdConnectContract(zone);

    public sealed class Logout(RealZone zone) : LogoutContract(zone);

    public sealed class DeviceAuthorization(RealZone zone) : DeviceAuthorizationContract(zone);

    public sealed class RequestDecoding(RealZone zone) : RequestDecodingContract(zone);

    public sealed class Address(RealZone zone) : AddressContract(zone);

    public sealed class RequestHeader(RealZone zone) : RequestHeaderContract(zone);

    public sealed class TokenUse(RealZone zone) : TokenUseContract(zone);

    public sealed class ServiceRoute(RealZone zone) : ServiceRouteContract(zone);

    public sealed class ClosedRoute(RealZone zone) : ClosedRouteContract(zone);

    public sealed class OfficeRoute(RealZone zone) : OfficeRouteContract(zone);

    public sealed class Path(RealZone zone) : PathContract(zone);

    public sealed class Caller(RealZone zone) : CallerContract(zone);

    public sealed class Upstream(RealZone zone) : UpstreamContract(zone);

    public sealed class CrossOrigin(RealZone zone) : CrossOriginContract(zone);

    public sealed class Rank(RealZone zone) : RankContract(zone);

    public sealed class Capability(RealZone zone) : CapabilityContract(zone);

    public sealed class DocumentPermissions(RealZone zone) : DocumentPermissionContract(zone);

    public sealed class Me(RealZone zone) : MeContract(zone);

    public sealed class UserAccess(RealZone zone) : UserAccessContract(zone);

    public sealed class UserSearch(RealZone zone) : UserSearchContract(zone);

    public sealed class Explanation(RealZone zone) : ExplanationContract(zone);

    public sealed class CapabilityList(RealZone zone) : CapabilityListContract(zone);

    public sealed class AllKeys(RealZone zone) : AllKeysContract(zone);

    public sealed class Check(RealZone zone) : CheckContract(zone);

    public sealed class User(RealZone zone) : UserContract(zone);

    public sealed class RankChange(RealZone zone) : RankChangeContract(zone);

    public sealed class Deactivation(RealZone zone) : DeactivationContract(zone);

    public sealed class Document(RealZone zone) : DocumentContract(zone);

    public sealed class Key(RealZone zone) : KeyContract(zone);

    public sealed class AccessLog(RealZone zone) : AccessLogContract(zone);

    public sealed class Account(RealZone zone) : AccountContract(zone);

    public sealed class Assurance(RealZone zone) : AssuranceContract(zone);

    public sealed class Limit(RealZone zone) : LimitContract(zone);

    public sealed class Body(RealZone zone) : BodyContract(zone);

    public sealed class Version(RealZone zone) : VersionContract(zone);

    public sealed class WholeAnswer(RealZone zone) : WholeAnswerContract(zone);

    public sealed class Request(RealZone zone) : RequestContract(zone);

    public sealed class DirectCall(RealZone zone) : DirectCallContract(zone);

    public sealed class ForgedIdentity(RealZone zone) : ForgedIdentityContract(zone);

    public sealed class PathAttack(RealZone zone) : PathAttackContract(zone);

    public sealed class TokenAttack(RealZone zone) : TokenAttackContract(zone);

    public sealed class Privilege(RealZone zone) : PrivilegeContract(zone);

    public sealed class AssuranceAttack(RealZone zone) : AssuranceAttackContract(zone);

    public sealed class SessionAttack(RealZone zone) : SessionAttackContract(zone);

    public sealed class Revocation(RealZone zone) : RevocationContract(zone);

    public sealed class ServiceTokenRevocation(RealZone zone) : ServiceTokenRevocationContract(zone);

    public sealed class Operator(RealZone zone) : OperatorContract(zone);

    public sealed class ServiceKey(RealZone zone) : ServiceKeyContract(zone);

    public sealed class OperatorSeed(OperatorSeed.OwnZone zone) : OperatorSeedContract(zone), IClassFixture<OperatorSeed.OwnZone>
    {
        /// <summary>Always one that the tests start: a zone that others use is seeded already, and stays so.</summary>
        public sealed class OwnZone : NativeZone;
    }

    [Collection<ServicesFail>]
    public sealed class KratosFaults(FaultyRealZone zone) : FaultContract(zone, FaultyService.Kratos);

    [Collection<ServicesFail>]
    public sealed class HydraFaults(FaultyRealZone zone) : FaultContract(zone, FaultyService.Hydra);

    [Collection<ServicesFail>]
    public sealed class AccountFaults(FaultyRealZone zone) : AccountFaultContract(zone);

    [Collection<ServicesFail>]
    public sealed class KetoFaults(FaultyRealZone zone) : FaultContract(zone, FaultyService.Keto);

    [Collection<ServicesFail>]
    public sealed class InstanceCrash(FaultyRealZone zone) : InstanceCrashContract(zone);

    [Collection<ServicesFail>]
    public sealed class GatewayFaults(FaultyRealZone zone) : FaultContract(zone, FaultyService.Gateway);

    /// <summary>Cases that share a zone of their own, one after the other, when those on the other zone are done: they look at how long answers
    /// take.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class ServicesFail : ICollectionFixture<FaultyRealZone>;
}
