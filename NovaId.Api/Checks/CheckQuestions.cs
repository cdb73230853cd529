using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Checks;

/// <summary>Asks what the body asks.</summary>
internal sealed class CheckQuestions : IPermissionQuestions
{
    public async ValueTask<IReadOnlyList<RelationTuple>> AskAsync(HttpContext http, CallerSubject caller)
    {
        var request = await http.PeekBodyAsync<CheckRequest>();
        if (request.Checks.Count is 0 or > CheckRequest.Maximum)
        {
            throw Refusal.BadRequest($"checks must hold 1 to {CheckRequest.Maximum} questions.").AsException();
        }

        return [.. request.Checks.SelectMany(check => Questions(check, caller))];
    }

    /// <summary>What Keto is asked for one question; all of it must be answered yes.</summary>
    /// <exception cref="RefusalException">There is nothing of that kind to ask for.</exception>
    public static IEnumerable<RelationTuple> Questions(Check check, CallerSubject caller)
    {
        if (check is null || !Permissions.Exists(check.Namespace, check.Relation) || !IsObject(check))
        {
            throw Refusal.BadRequest("A question must name a rank (atLeast, commands), a capability (allow) "
                + "or the id of a document (view, edit, delete).").AsException();
        }

        return check.Namespace == Permissions.CapabilityNamespace
            ? caller.AsksForCapability(check.Object)
            : [RelationTuple.Of(check.Namespace, check.Object, check.Relation, caller.Id)];
    }

    private static bool IsObject(Check check) => check.Namespace switch
    {
        Permissions.RankNamespace => RankNames.TryParse(check.Object, out _),
        Permissions.CapabilityNamespace => Capabilities.All.Contains(check.Object),
        _ => CanonicalUuid.TryParse(check.Object, out _),
    };
}
