using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Keys;
using NovaId.Api.Ranks;

namespace NovaId.Api.Explanations;

/// <summary>
/// Says why. Whether something is allowed is Keto's own answer; the way there is read from the facts that Keto holds, along
/// <c>ory-config/keto/namespaces.keto.ts</c>, and never decides anything.
/// </summary>
internal sealed class Explainer(KratosClient kratos, KetoClient keto)
{
    private const string Requires = "requires";
    private const string Granted = "granted";
    private const string Higher = "higher";
    private const string MinimumRank = "minimumRank";

    /// <summary>The relations of a document that carry a permit, and what somebody in one of them is called.</summary>
    private static readonly Dictionary<string, (string Relation, string Kind)[]> DocumentRelations = new()
    {
        [Permissions.View] = [("owners", "owner"), ("editors", "editor"), ("viewers", "viewer")],
        [Permissions.Edit] = [("owners", "owner"), ("editors", "editor")],
        [Permissions.Delete] = [("owners", "owner")],
    };

    /// <exception cref="RefusalException">There is no such person.</exception>
    public async Task<Explanation> ExplainAsync(ExplanationQuery query, CancellationToken cancellationToken)
    {
        var owner = query.Person is null && ApiKeyId.TryParse(query.Subject[CallerSubject.ClientPrefix.Length..], out var key) ? key.OwnerId : (Guid?)null;
        // A key has what was given to it as long as its owner has it too.
        string[] subjects = owner is not null && query.Namespace == Permissions.CapabilityNamespace ? [query.Subject, owner.Value.ToString()] : [query.Subject];
        var identity = (query.Person ?? owner) is { } person ? kratos.FindIdentityAsync(person, cancellationToken) : Task.FromResult<Identity?>(null);
        var facts = keto.ListAllAsync(new TupleQuery(query.Namespace, query.Object), cancellationToken);
        var order = keto.ListAllAsync(new TupleQuery(Permissions.RankNamespace, Relation: Higher), cancellationToken);
        var memberships = Task.WhenAll(subjects.Select(subject => keto.ListAllAsync(RankMemberships.Of(subject), cancellationToken)));
        var answers = keto.CheckAsync(
            [.. subjects.Select(subject => RelationTuple.Of(query.Namespace, query.Object, query.Relation, subject))],
            cancellationToken);
        await Task.WhenAll(identity, facts, order, memberships, answers);
        if (query.Person is not null && await identity is null)
        {
            throw Refusal.NotFound("There is no person with this id.").AsException();
        }

        var parts = new List<ExplanationPart>();
        for (var index = 0; index < subjects.Length; index++)
        {
            parts.Add(Explain(query, subjects[index], await facts, await order, (await memberships)[index], (await answers)[index]));
        }

        return new Explanation(
            query.Namespace,
            query.Object,
            query.Relation,
            parts.All(part => part.Allowed),
            (await identity)?.State ?? (owner is null ? null : Identity.Inactive),
            parts);
    }

    private static ExplanationPart Explain(
        ExplanationQuery query,
        string subject,
        IReadOnlyList<RelationTuple> facts,
        IReadOnlyList<RelationTuple> order,
        IReadOnlyList<RelationTuple> memberships,
        bool allowed)
    {
        var held = memberships.ToDictionary(membership => membership.Object, StringComparer.Ordinal);
        var ways = Ways(query, subject, facts, order, held).ToList();
        return new ExplanationPart(
            subject,
            RankMemberships.Read(memberships),
            allowed,
            allowed ? [.. (ways.Select(way => way.Path).FirstOrDefault(path => path is not null) ?? []).Select(ExplanationFact.Of)] : [],
            allowed ? [] : [.. ways.Select(way => way.Way).Distinct()]);
    }

    /// <summary>Each way to the permit, with the facts along it where the subject goes it.</summary>
    private static IEnumerable<(ExplanationWay Way, IReadOnlyList<RelationTuple>? Path)> Ways(
        ExplanationQuery query,
        string subject,
        IReadOnlyList<RelationTuple> facts,
        IReadOnlyList<RelationTuple> order,
        Dictionary<string, RelationTuple> held)
    {
        switch (query.Namespace)
        {
            case Permissions.RankNamespace when query.Relation == Permissions.Commands:
                yield return (new("aboveRank", query.Object), Above(query.Object, order, held));
                break;
            case Permissions.RankNamespace:
                yield return (new("atLeastRank", query.Object), AtLeast(query.Object, order, held));
                break;
            case Permissions.CapabilityNamespace:
                foreach (var fact in facts.Where(fact => fact.Relation == Requires && fact.SubjectSet is not null))
                {
                    yield return (new("atLeastRank", fact.SubjectSet!.Object), After(fact, AtLeast(fact.SubjectSet.Object, order, held)));
                }

                yield return (new("grant"), facts.FirstOrDefault(fact => fact.Relation == Granted && fact.SubjectId == subject) is { } grant ? [grant] : null);
                break;
            default:
                foreach (var (relation, kind) in DocumentRelations[query.Relation])
                {
                    yield return (new(kind), facts.FirstOrDefault(fact => fact.Relation == relation && fact.SubjectId == subject) is { } own ? [own] : null);
                    foreach (var fact in facts.Where(fact => fact.Relation == relation && fact.SubjectSet is not null))
                    {
                        yield return (new("rank", fact.SubjectSet!.Object), held.TryGetValue(fact.SubjectSet.Object, out var membership) ? [fact, membership] : null);
                    }
                }

                foreach (var fact in query.Relation == Permissions.View ? facts.Where(fact => fact.Relation == MinimumRank && fact.SubjectSet is not null) : [])
                {
                    yield return (new("atLeastRank", fact.SubjectSet!.Object), After(fact, AtLeast(fact.SubjectSet.Object, order, held)));
                }

                break;
        }
    }

    private static IReadOnlyList<RelationTuple>? AtLeast(string rank, IReadOnlyList<RelationTuple> order, Dictionary<string, RelationTuple> held) =>
        held.TryGetValue(rank, out var membership) ? [membership] : Above(rank, order, held);

    private static IReadOnlyList<RelationTuple>? Above(string rank, IReadOnlyList<RelationTuple> order, Dictionary<string, RelationTuple> held) =>
        order.FirstOrDefault(fact => fact.Object == rank && fact.SubjectSet is { } above && held.ContainsKey(above.Object)) is { } step
            ? [step, held[step.SubjectSet!.Object]]
            : null;

    private static IReadOnlyList<RelationTuple>? After(RelationTuple first, IReadOnlyList<RelationTuple>? rest) => rest is null ? null : [first, .. rest];
}
