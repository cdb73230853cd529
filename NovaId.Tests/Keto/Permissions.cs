using Microsoft.Extensions.Logging.Abstractions;
using NovaId.Emulator.Keto;
using NovaId.Emulator.Keto.Check;
using NovaId.Emulator.Keto.Opl;
using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Tests.Keto;

/// <summary>Namespaces and tuples, to be asked.</summary>
internal sealed class Permissions
{
    private readonly CheckEngine _engine;
    private readonly TupleSnapshot _tuples;

    public Permissions(string opl, IEnumerable<string> tuples, int maxDepth = 16, int maxWidth = 256)
    {
        var document = OplParser.Parse(opl);
        Assert.Empty(document.Errors);
        Assert.Empty(document.SilentErrors);
        _engine = new CheckEngine(new NamespaceSet(document.Namespaces), maxDepth, maxWidth, NullLogger<CheckEngine>.Instance);
        _tuples = TupleSnapshot.Empty.With(tuples.Select(Tuples.Parse), []);
    }

    public bool Allows(string question, int depth = 0)
    {
        var outcome = Check(question, depth);
        Assert.Null(outcome.Error);
        return outcome.Membership == Membership.IsMember;
    }

    public CheckOutcome Check(string question, int depth = 0) =>
        _engine.Check(_tuples, Tuples.Parse(question), depth, TestContext.Current.CancellationToken);
}
