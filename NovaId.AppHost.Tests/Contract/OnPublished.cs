using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Api;
using NovaId.Contract.Attacks;
using NovaId.Contract.Codes;
using NovaId.Contract.Gateway;
using NovaId.Contract.OAuth2;
using NovaId.Contract.Permissions;
using NovaId.Contract.Sessions;

namespace NovaId.AppHost.Tests.Contract;

/// <summary>
/// The contract on what is published, started with <c>docker compose up</c>. The services are those of <see cref="OnContainers"/>; here is
/// what of the contract hangs on how they are put together: addresses, mail, clients, seeded ranks, closed routes.
/// </summary>
public static class OnPublished
{
    [Collection<Composed>]
    public sealed class BrowserLogin(ComposedZone zone) : BrowserLoginContract(zone);

    [Collection<Composed>]
    public sealed class Recovery(ComposedZone zone) : RecoveryContract(zone);

    [Collection<Composed>]
    public sealed class AuthorizationCode(ComposedZone zone) : AuthorizationCodeContract(zone);

    [Collection<Composed>]
    public sealed class OpenIdConnect(ComposedZone zone) : OpenIdConnectContract(zone);

    [Collection<Composed>]
    public sealed class Rank(ComposedZone zone) : RankContract(zone);

    [Collection<Composed>]
    public sealed class RankChange(ComposedZone zone) : RankChangeContract(zone);

    [Collection<Composed>]
    public sealed class ServiceRoute(ComposedZone zone) : ServiceRouteContract(zone);

    [Collection<Composed>]
    public sealed class ClosedRoute(ComposedZone zone) : ClosedRouteContract(zone);

    [Collection<Composed>]
    public sealed class PathAttack(ComposedZone zone) : PathAttackContract(zone);

    /// <summary>Cases on one published zone, with nothing else at work beside them.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class Composed : ICollectionFixture<ComposedZone>;
}
