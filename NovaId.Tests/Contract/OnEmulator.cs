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

[assembly: AssemblyFixture(typeof(EmulatorZone))]

namespace NovaId.Tests.Contract;

/// <summary>The contract on the emulator.</summary>
public static class OnEmulator
{
    public sealed class Registration(EmulatorZone zone) : RegistrationContract(zone);

    public sealed class Login(EmulatorZone zone) : LoginContract(zone);

    public sealed class BrowserLogin(EmulatorZone zone) : BrowserLoginContract(zone);

    public sealed class Session(EmulatorZone zone) : SessionContract(zone);

    public sealed class Trait(EmulatorZone zone) : TraitContract(zone);

    public sealed class StoredText(EmulatorZone zone) : StoredTextContract(zone);

    public sealed class ServiceDecoding(EmulatorZone zone) : ServiceDecodingContract(zone);

    public sealed class SubmissionDecoding(EmulatorZone zone) : SubmissionDecodingContract(zone);

    public sealed class KetoClient(EmulatorZone zone) : KetoClientContract(zone);

    public sealed class Settings(EmulatorZone zone) : SettingsContract(zone);

    public sealed class Verification(EmulatorZone zone) : VerificationContract(zone);

    public sealed class Recovery(EmulatorZone zone) : RecoveryContract(zone);

    public sealed class CodeLogin(EmulatorZone zone) : CodeLoginContract(zone);

    public sealed class CodeRegistration(EmulatorZone zone) : CodeRegistrationContract(zone);

    public sealed class Form(EmulatorZone zone) : FormContract(zone);

    public sealed class Totp(EmulatorZone zone) : TotpContract(zone);

    public sealed class LookupSecret(EmulatorZone zone) : LookupSecretContract(zone);

    public sealed class Passkey(EmulatorZone zone) : PasskeyContract(zone);

    public sealed class ClientCredentials(EmulatorZone zone) : ClientCredentialsContract(zone);

    public sealed class ClientAssertion(EmulatorZone zone) : ClientAssertionContract(zone);

    public sealed class AuthorizationCode(EmulatorZone zone) : AuthorizationCodeContract(zone);

    public sealed class RefreshToken(EmulatorZone zone) : RefreshTokenContract(zone);

    public sealed class OpenIdConnect(EmulatorZone zone) : OpenIdConnectContract(zone);

    public sealed class Logout(EmulatorZone zone) : LogoutContract(zone);

    public sealed class DeviceAuthorization(EmulatorZone zone) : DeviceAuthorizationContract(zone);

    public sealed class RequestDecoding(EmulatorZone zone) : RequestDecodingContract(zone);

    public sealed class Address(EmulatorZone zone) : AddressContract(zone);

    public sealed class RequestHeader(EmulatorZone zone) : RequestHeaderContract(zone);

    public sealed class TokenUse(EmulatorZone zone) : TokenUseContract(zone);

    public sealed class ServiceRoute(EmulatorZone zone) : ServiceRouteContract(zone);

    public sealed class ClosedRoute(EmulatorZone zone) : ClosedRouteContract(zone);

    public sealed class OfficeRoute(EmulatorZone zone) : OfficeRouteContract(zone);

    public sealed class Path(EmulatorZone zone) : PathContract(zone);

    public sealed class Caller(EmulatorZone zone) : CallerContract(zone);

    public sealed class Upstream(EmulatorZone zone) : UpstreamContract(zone);

    public sealed class CrossOrigin(EmulatorZone zone) : CrossOriginContract(zone);

    public sealed class Rank(EmulatorZone zone) : RankContract(zone);

    public sealed class Capability(EmulatorZone zone) : CapabilityContract(zone);

    public sealed class DocumentPermissions(EmulatorZone zone) : DocumentPermissionContract(zone);

    public sealed class Me(EmulatorZone zone) : MeContract(zone);

    public sealed class UserAccess(EmulatorZone zone) : UserAccessContract(zone);

    public sealed class UserSearch(EmulatorZone zone) : UserSearchContract(zone);

    public sealed class Explanation(EmulatorZone zone) : ExplanationContract(zone);

    public sealed class CapabilityList(EmulatorZone zone) : CapabilityListContract(zone);

    public sealed class AllKeys(EmulatorZone zone) : AllKeysContract(zone);

    public sealed class Check(EmulatorZone zone) : CheckContract(zone);

    public sealed class User(EmulatorZone zone) : UserContract(zone);

    public sealed class RankChange(EmulatorZone zone) : RankChangeContract(zone);

    public sealed class Deactivation(EmulatorZone zone) : DeactivationContract(zone);

    public sealed class Document(EmulatorZone zone) : DocumentContract(zone);

    public sealed class Key(EmulatorZone zone) : KeyContract(zone);

    public sealed class AccessLog(EmulatorZone zone) : AccessLogContract(zone);

    public sealed class Account(EmulatorZone zone) : AccountContract(zone);

    public sealed class Assurance(EmulatorZone zone) : AssuranceContract(zone);

    public sealed class Limit(EmulatorZone zone) : LimitContract(zone);

    public sealed class Body(EmulatorZone zone) : BodyContract(zone);

    public sealed class Version(EmulatorZone zone) : VersionContract(zone);

    public sealed class WholeAnswer(EmulatorZone zone) : WholeAnswerContract(zone);

    public sealed class Request(EmulatorZone zone) : RequestContract(zone);

    public sealed class DirectCall(EmulatorZone zone) : DirectCallContract(zone);

    public sealed class ForgedIdentity(EmulatorZone zone) : ForgedIdentityContract(zone);

    public sealed class PathAttack(EmulatorZone zone) : PathAttackContract(zone);

    public sealed class TokenAttack(EmulatorZone zone) : TokenAttackContract(zone);

    public sealed class Privilege(EmulatorZone zone) : PrivilegeContract(zone);

    public sealed class AssuranceAttack(EmulatorZone zone) : AssuranceAttackContract(zone);

    public sealed class SessionAttack(EmulatorZone zone) : SessionAttackContract(zone);

    public sealed class Revocation(EmulatorZone zone) : RevocationContract(zone);

    public sealed class ServiceTokenRevocation(EmulatorZone zone) : ServiceTokenRevocationContract(zone);

    public sealed class Operator(EmulatorZone zone) : OperatorContract(zone);

    public sealed class ServiceKey(EmulatorZone zone) : ServiceKeyContract(zone);

    public sealed class OperatorSeed(OperatorSeed.OwnZone zone) : OperatorSeedContract(zone), IClassFixture<OperatorSeed.OwnZone>
    {
        public sealed class OwnZone : EmulatorZone;
    }

    [Collection<KratosAndHydraFail>]
    public sealed class KratosFaults(FaultyEmulatorZone zone) : FaultContract(zone, FaultyService.Kratos);

    [Collection<KratosAndHydraFail>]
    public sealed class HydraFaults(FaultyEmulatorZone zone) : FaultContract(zone, FaultyService.Hydra);

    [Collection<KetoAndGatewayFail>]
    public sealed class AccountFaults(FaultyEmulatorZone zone) : AccountFaultContract(zone);

    [Collection<KetoAndGatewayFail>]
    public sealed class KetoFaults(FaultyEmulatorZone zone) : FaultContract(zone, FaultyService.Keto);

    [Collection<KetoAndGatewayFail>]
    public sealed class GatewayFaults(FaultyEmulatorZone zone) : FaultContract(zone, FaultyService.Gateway);

    /// <summary>Cases that share a zone of their own, one after the other.</summary>
    [CollectionDefinition]
    public sealed class KratosAndHydraFail : ICollectionFixture<FaultyEmulatorZone>;

    /// <summary>Cases that share a zone of their own, beside the others.</summary>
    [CollectionDefinition]
    public sealed class KetoAndGatewayFail : ICollectionFixture<FaultyEmulatorZone>;
}
