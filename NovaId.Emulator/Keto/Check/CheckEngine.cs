using System.Runtime.CompilerServices;
using NovaId.Emulator.Go;
using NovaId.Emulator.Keto.Opl;
using NovaId.Emulator.Keto.Tuples;
using static NovaId.Emulator.Keto.Opl.OplExpression;

namespace NovaId.Emulator.Keto.Check;

/// <summary>
/// Answers whether a subject has a relation to an object, as Keto's engine does (internal/check): the same steps in the same order, each
/// with the same cost in depth, so that what runs out of depth there runs out of it here.
/// </summary>
internal sealed partial class CheckEngine(NamespaceSet namespaces, int maxDepth, int maxWidth, ILogger<CheckEngine> logger)
{
    /// <summary>Checks one tuple.</summary>
    /// <param name="tuples">The tuples to look in.</param>
    /// <param name="question">The subject, and what it should have.</param>
    /// <param name="requestedDepth">The depth that the caller asked for; it can only lower the configured one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public CheckOutcome Check(TupleSnapshot tuples, RelationTuple question, long requestedDepth, CancellationToken cancellationToken)
    {
        var depth = requestedDepth <= 0 || requestedDepth > maxDepth ? maxDepth : (int)requestedDepth;
        var run = new Run(namespaces, tuples, question.Subject, maxWidth, logger, cancellationToken);
        return run.CheckIsAllowed(question.Set, depth, skipDirect: false, visited: null);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The depth ran out at {Set}: not expanded further.")]
    private static partial void LogDepthExhausted(ILogger logger, SubjectSet set);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Set} has {Count} subject sets, and no more than {MaxWidth} may be followed.")]
    private static partial void LogTooWide(ILogger logger, SubjectSet set, int count, int maxWidth);

    /// <summary>One check: the subject stays the same all the way.</summary>
    private sealed class Run(
        NamespaceSet namespaces,
        TupleSnapshot tuples,
        Subject subject,
        int maxWidth,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        /// <summary>
        /// The rewrite of the relation, a tuple that says it outright, the subject sets in it: the first that finds the subject decides.
        /// </summary>
        /// <remarks>
        /// Keto collects these in a group, and a group that found nothing answers "not a member", also where a part of it ran out of depth.
        /// A negation around it then answers "member". That is unsafe, and it is what Keto does at v26.2.0 (concurrent_checkgroup.go turns
        /// MembershipUnknown into ResultNotMember; seen on the real program as well), so it is done here too: a permission with a negation
        /// must look as open on the emulator as it is. Only what is out of depth before any group begins stays unknown under a negation.
        /// </remarks>
        public CheckOutcome CheckIsAllowed(SubjectSet set, int depth, bool skipDirect, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return CheckOutcome.Unknown;
            }

            cancellationToken.ThrowIfCancellationRequested();
            RuntimeHelpers.EnsureSufficientExecutionStack();
            if (!namespaces.TryFindRelation(set, out var relation))
            {
                var error = KetoException.Malformed($"relation {GoText.Quote(set.Relation)} does not exist");
                return new CheckOutcome(Membership.Unknown, error);
            }

            if (relation?.Rewrite is { } rewrite && CheckRewrite(set, rewrite, depth, visited) is { Decides: true } outcome)
            {
                return outcome;
            }

            return !skipDirect && !IsExhausted(depth - 1 <= 0, set) && Contains(set)
                ? CheckOutcome.IsMember
                : CheckSubjectSets(set, depth - 1, visited);
        }

        private bool Contains(SubjectSet set) => tuples.Contains(new RelationTuple(set, subject));

        /// <summary>Follows the subject sets that were written into a relation.</summary>
        private CheckOutcome CheckSubjectSets(SubjectSet set, int depth, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return CheckOutcome.NotMember;
            }

            var nested = tuples.SubjectSetsIn(set);
            if (nested.Any(row => Contains((SubjectSet)row.Tuple.Subject)))
            {
                return CheckOutcome.IsMember;
            }

            var width = nested.Count;
            if (width > maxWidth)
            {
                LogTooWide(logger, set, width, maxWidth);
                // One less than the limit: so does Keto.
                width = maxWidth - 1;
            }

            // From the first expansion on, everything below shares what was visited: a cycle ends here.
            visited ??= [];
            return Any(nested.Take(width), row => (SubjectSet)row.Tuple.Subject is var next && visited.Add(next)
                ? CheckIsAllowed(next, depth, skipDirect: true, visited)
                : CheckOutcome.NotMember);
        }

        private CheckOutcome CheckRewrite(SubjectSet set, SubjectSetRewrite rewrite, int depth, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return CheckOutcome.Unknown;
            }

            if (rewrite.Operator == OplOperator.And)
            {
                foreach (var child in rewrite.Children)
                {
                    var outcome = CheckExpression(set, child, depth, visited);
                    if (outcome.Error is not null || outcome.Membership != Membership.IsMember)
                    {
                        return outcome with { Membership = Membership.NotMember };
                    }
                }

                return rewrite.Children.Count > 0 ? CheckOutcome.IsMember : CheckOutcome.NotMember;
            }

            var others = rewrite.Children.Where(child => child is not ComputedSubjectSet);
            return CheckComputedSubjectSets(set, rewrite, depth, visited) is { Decides: true } computed
                ? computed
                : Any(others, child => CheckExpression(set, child, depth, visited));
        }

        /// <summary>The relations of the same object in a union: first a tuple in any of them, then each a step deeper.</summary>
        private CheckOutcome CheckComputedSubjectSets(SubjectSet set, SubjectSetRewrite union, int depth, HashSet<SubjectSet>? visited)
        {
            var computed = union.Children.OfType<ComputedSubjectSet>().Select(child => set with { Relation = child.Relation }).ToList();
            return computed.Exists(Contains)
                ? CheckOutcome.IsMember
                : Any(computed, next => CheckIsAllowed(next, depth - 1, skipDirect: true, visited));
        }

        private CheckOutcome CheckExpression(SubjectSet set, OplExpression expression, int depth, HashSet<SubjectSet>? visited) =>
            expression switch
            {
                TupleToSubjectSet traverse => CheckTupleToSubjectSet(set, traverse, depth, visited),
                ComputedSubjectSet computed => CheckIsAllowed(set with { Relation = computed.Relation }, depth, skipDirect: false, visited),
                SubjectSetRewrite rewrite => CheckRewrite(set, rewrite, depth - 1, visited),
                InvertResult invert => CheckInverted(set, invert, depth, visited),
                _ => throw new InvalidOperationException($"{expression.GetType().Name} is no expression of the permission language."),
            };

        /// <summary>Traverses a relation: only subject sets lead on, a subject id in it leads nowhere.</summary>
        private CheckOutcome CheckTupleToSubjectSet(SubjectSet set, TupleToSubjectSet traverse, int depth, HashSet<SubjectSet>? visited) =>
            IsExhausted(depth < 0, set)
                ? CheckOutcome.Unknown
                : Any(tuples.SubjectSetsIn(set with { Relation = traverse.Relation }), row =>
                {
                    var next = (SubjectSet)row.Tuple.Subject with { Relation = traverse.ComputedRelation };
                    return CheckIsAllowed(next, depth - 1, skipDirect: false, visited);
                });

        private CheckOutcome CheckInverted(SubjectSet set, InvertResult invert, int depth, HashSet<SubjectSet>? visited)
        {
            // A rewrite under a negation costs no step of its own, unlike one under an operator.
            var outcome = invert.Child is SubjectSetRewrite rewrite
                ? CheckRewrite(set, rewrite, depth, visited)
                : CheckExpression(set, invert.Child, depth, visited);
            return outcome with
            {
                Membership = outcome.Membership switch
                {
                    Membership.IsMember => Membership.NotMember,
                    Membership.NotMember => Membership.IsMember,
                    _ => Membership.Unknown,
                },
            };
        }

        /// <summary>The first that decides; if none does, the subject is no member.</summary>
        private static CheckOutcome Any<T>(IEnumerable<T> alternatives, Func<T, CheckOutcome> check)
        {
            foreach (var alternative in alternatives)
            {
                if (check(alternative) is { Decides: true } outcome)
                {
                    return outcome;
                }
            }

            return CheckOutcome.NotMember;
        }

        private bool IsExhausted(bool exhausted, SubjectSet set)
        {
            if (exhausted)
            {
                LogDepthExhausted(logger, set);
            }

            return exhausted;
        }
    }
}
