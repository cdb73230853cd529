using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Me;

/// <summary>Asks for every rank and every capability of the caller.</summary>
internal sealed class MyPermissionsQuestions : IPermissionQuestions
{
    public ValueTask<IReadOnlyList<RelationTuple>> AskAsync(HttpContext http, CallerSubject caller) => new(
    [
        .. RankNames.HighestFirst.Select(rank => Permissions.RankAtLeast(rank, caller.Id)),
        .. Capabilities.All.SelectMany(caller.AsksForCapability),
    ]);
}
