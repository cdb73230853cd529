using System.Runtime.CompilerServices;
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
    /// <exception cref="KetoException">A relation on the way does not exist.</exception>
    public bool IsMember(TupleSnapshot tuples, RelationTuple question, long requestedDepth, CancellationToken cancellationToken)
    {
        var depth = requestedDepth <= 0 || requestedDepth > maxDepth ? maxDepth : (int)requestedDepth;
        var run = new Run(namespaces, tuples, question.Subject, maxWidth, logger, cancellationToken);
        return run.CheckIsAllowed(question.Set, depth, skipDirect: false, visited: null) == Membership.IsMember;
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
        /// The rewrite of the relation, a tuple that says it outright, and the subject sets in it: the first that finds the subject decides.
        /// </summary>
        /// <remarks>
        /// Keto collects these in a group, and a group that found nothing answers "not a member", also where a part of it ran out of depth.
        /// A negation around it then answers "member". That is unsafe, and it is what Keto does at v26.2.0 (concurrent_checkgroup.go turns
        /// MembershipUnknown into ResultNotMember), so it is done here as well: a permission with a negation must look as open on the
        /// emulator as it is. Only an expression that is out of depth before any group begins stays unknown under a negation.
        /// </remarks>
        public Membership CheckIsAllowed(SubjectSet set, int depth, bool skipDirect, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return Membership.Unknown;
            }

            cancellationToken.ThrowIfCancellationRequested();
            RuntimeHelpers.EnsureSufficientExecutionStack();
            var rewrite = namespaces.RequireRelation(set)?.Rewrite;
            return Of(
                (rewrite is not null && CheckRewrite(set, rewrite, depth, visited) == Membership.IsMember)
                || (!skipDirect && CheckDirect(set, depth - 1))
                || CheckSubjectSets(set, depth - 1, visited));
        }

        private static Membership Of(bool isMember) => isMember ? Membership.IsMember : Membership.NotMember;

        private bool CheckDirect(SubjectSet set, int depth) => !IsExhausted(depth <= 0, set) && Contains(set);

        private bool Contains(SubjectSet set) => tuples.Contains(new RelationTuple(set, subject));

        /// <summary>Follows the subject sets that were written into a relation.</summary>
        private bool CheckSubjectSets(SubjectSet set, int depth, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return false;
            }

            var nested = tuples.SubjectSetsIn(set);
            if (nested.Any(row => Contains((SubjectSet)row.Tuple.Subject)))
            {
                return true;
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
            foreach (var row in nested.Take(width))
            {
                var next = (SubjectSet)row.Tuple.Subject;
                if (visited.Add(next) && CheckIsAllowed(next, depth, skipDirect: true, visited) == Membership.IsMember)
                {
                    return true;
                }
            }

            return false;
        }

        private Membership CheckRewrite(SubjectSet set, SubjectSetRewrite rewrite, int depth, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth <= 0, set))
            {
                return Membership.Unknown;
            }

            return Of(rewrite.Operator == OplOperator.Or
                ? CheckComputedSubjectSets(set, rewrite, depth, visited)
                    || rewrite.Children.Any(child => child is not ComputedSubjectSet && Check(set, child, depth, visited) == Membership.IsMember)
                : rewrite.Children.All(child => Check(set, child, depth, visited) == Membership.IsMember));
        }

        /// <summary>The relations of the same object in a union: first a tuple in any of them, then each a step deeper.</summary>
        private bool CheckComputedSubjectSets(SubjectSet set, SubjectSetRewrite union, int depth, HashSet<SubjectSet>? visited)
        {
            var computed = union.Children.OfType<ComputedSubjectSet>().Select(child => set with { Relation = child.Relation }).ToList();
            return computed.Exists(Contains)
                || computed.Exists(next => CheckIsAllowed(next, depth - 1, skipDirect: true, visited) == Membership.IsMember);
        }

        private Membership Check(SubjectSet set, OplExpression expression, int depth, HashSet<SubjectSet>? visited) => expression switch
        {
            TupleToSubjectSet traverse => CheckTupleToSubjectSet(set, traverse, depth, visited),
            ComputedSubjectSet computed => CheckIsAllowed(set with { Relation = computed.Relation }, depth, skipDirect: false, visited),
            SubjectSetRewrite rewrite => CheckRewrite(set, rewrite, depth - 1, visited),
            InvertResult invert => CheckInverted(set, invert, depth, visited),
            _ => throw new InvalidOperationException($"{expression.GetType().Name} is no expression of the permission language."),
        };

        /// <summary>Traverses a relation: only subject sets lead on, a subject id in it leads nowhere.</summary>
        private Membership CheckTupleToSubjectSet(SubjectSet set, TupleToSubjectSet traverse, int depth, HashSet<SubjectSet>? visited)
        {
            if (IsExhausted(depth < 0, set))
            {
                return Membership.Unknown;
            }

            return Of(tuples.SubjectSetsIn(set with { Relation = traverse.Relation }).Any(row =>
                CheckIsAllowed(
                    (SubjectSet)row.Tuple.Subject with { Relation = traverse.ComputedRelation }, depth - 1, skipDirect: false, visited)
                == Membership.IsMember));
        }

        private Membership CheckInverted(SubjectSet set, InvertResult invert, int depth, HashSet<SubjectSet>? visited)
        {
            // A rewrite under a negation costs no step of its own, unlike one under an operator.
            var found = invert.Child is SubjectSetRewrite rewrite
                ? CheckRewrite(set, rewrite, depth, visited)
                : Check(set, invert.Child, depth, visited);
            return found switch
            {
                Membership.IsMember => Membership.NotMember,
                Membership.NotMember => Membership.IsMember,
                _ => Membership.Unknown,
            };
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
