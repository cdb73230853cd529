using NovaId.Emulator.Configuration;
using NovaId.Emulator.Keto.Opl;
using static NovaId.Emulator.Keto.Opl.OplExpression;

namespace NovaId.Tests.Keto;

public sealed class OplParserTests
{
    private const string Prologue = """
        class User implements Namespace {}
        class Doc implements Namespace {
          related: {
            a: User[]
            b: User[]
            c: User[]
            parents: Doc[]
          }
          permits = {

        """;

    [Fact]
    public void Imports_comments_semicolons_and_quoted_names_are_read()
    {
        var document = OplParser.Parse("""
            import { Namespace, SubjectSet, Context } from '@ory/keto-namespace-types';
            import "something"

            /* a class
               of its own */
            class User implements Namespace { related: { manager: User[]; }; }
            export class Group implements Namespace {
              related: {
                members: (User | SubjectSet<Group, "members">)[] // who is in it
                "owned.by": Array<User | Group>
                leads: SubjectSet<Group, 'members'>[],
              }
              permits = {
                'is.in': (ctx) => this.related["owned.by"].includes(ctx.subject),
                lead: (ctx: Context): boolean => this.permits["is.in"](ctx) /* or */ || this.related.leads.includes(ctx.subject),
              };
            };
            """);

        Assert.Empty(document.Errors);
        Assert.Empty(document.SilentErrors);
        Assert.Equal(["User", "Group"], document.Namespaces.Select(ns => ns.Name));
        Assert.Equal(["members", "owned.by", "leads", "is.in", "lead"], document.Namespaces[1].Relations.Select(relation => relation.Name));
        Assert.Equal(
            [new OplRelationType("User", ""), new OplRelationType("Group", "members")],
            document.Namespaces[1].Find("members")!.Types);
        Assert.Equal([new OplRelationType("User", ""), new OplRelationType("Group", "")], document.Namespaces[1].Find("owned.by")!.Types);
        Assert.Equal("or(is.in, leads)", Show(document.Namespaces[1].Find("lead")!.Rewrite!));
    }

    [Theory]
    [InlineData("this.related.a.includes(ctx.subject)", "or(a)")]
    [InlineData("this.permits.p(ctx)", "or(p)")]
    [InlineData("this.related.parents.traverse((d) => d.permits.p(ctx))", "or(parents.p)")]
    [InlineData("this.related.parents.traverse(d => d.related.a.includes(ctx.subject))", "or(parents.a)")]
    [InlineData("this.related.parents.traverse(d => d.related.a.includes(ctx.subject,),)", "or(parents.a)")]
    [InlineData("A || B || C", "or(a, b, c)")]
    [InlineData("A && B && C", "and(or(a), b, c)")]
    [InlineData("!A", "or(not a)")]
    [InlineData("!(A || B)", "or(not or(or(a), b))")]
    // Without precedence, an operator takes all that stands to the left of it.
    [InlineData("A || B && C", "and(or(or(a), b), c)")]
    [InlineData("A && B || C", "or(and(or(a), b), c)")]
    [InlineData("A || (B && C)", "or(a, and(or(b), c))")]
    [InlineData("(A || B) && !C", "and(or(or(a), b), not c)")]
    public void An_expression_has_the_shape_that_Keto_gives_it(string expression, string shape)
    {
        var document = ParsePermission(expression);

        Assert.Empty(document.Errors);
        Assert.Empty(document.SilentErrors);
        Assert.Equal(shape, Show(document.Namespaces[1].Find("p")!.Rewrite!));
    }

    [Fact]
    public void Ten_levels_of_nesting_are_taken_and_eleven_are_not()
    {
        var taken = ParsePermission(new string('(', 9) + "A" + new string(')', 9));
        var refused = ParsePermission(new string('(', 10) + "A" + new string(')', 10));
        var refusedNegation = ParsePermission(string.Concat(Enumerable.Repeat("!(", 5)) + "A" + new string(')', 5));

        Assert.Empty(taken.Errors);
        Assert.Contains("nested too deeply; maximal nesting depth is 10", Assert.Single(refused.Errors).Message, StringComparison.Ordinal);
        Assert.Contains("nested too deeply", Assert.Single(refusedNegation.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clas User implements Namespace {}", 1, 1, "expected \"class\" or \"import\", got \"clas\"")]
    [InlineData("class User extends Namespace {}", 1, 12, "expected \"implements\", got \"extends\"")]
    [InlineData("class User implements Namespace {", 1, 34, "expected 'permits' or 'related', got \"\"")]
    [InlineData("class User implements Namespace {\n  relatd: {}\n}", 2, 3, "expected 'permits' or 'related', got \"relatd\"")]
    [InlineData("class User implements Namespace {\n  related: { a: Usr[] }\n}", 2, 17, "namespace \"Usr\" was not declared")]
    [InlineData("class User implements Namespace {\n  related: { a: User }\n}", 2, 22, "expected \"[\", got \"}\"")]
    [InlineData("class User implements Namespace {\n  related: { a: SubjectSet<User, \"x\">[] }\n}", 2, 35, "namespace \"User\" did not declare relation \"x\"")]
    [InlineData("class User implements Namespace {\n  related: { a: (User & User)[] }\n}", 2, 23, "at \"& User)[] }\": unexpected token &")]
    [InlineData("class User implements Namespace {\n  related: { a: (User User)[] }\n}", 2, 23, "expected '|', got \"User\"")]
    [InlineData("class User implements Namespace {\n  related: { ctx: User[] }\n}", 2, 14, "expected identifier or '}', got KeywordCtx \"ctx\"")]
    [InlineData("/* no end", 1, 1, "at \"/* no end\": unclosed comment")]
    [InlineData("class \"User", 1, 7, "at \"\\\"User\": unclosed string literal")]
    [InlineData("import { Namespace }\nclass User implements Namespace {}", 1, 1, "expected an import to end with the name of a module in quotes")]
    [InlineData("class User implements Namespace {}\nclass User implements Namespace {}", 2, 7, "expected a new namespace, but \"User\" stands here for the second time")]
    [InlineData("class User implements Namespace {\n  related: { a: User[], a: User[] }\n}", 2, 25, "expected a new name, but \"User\" has \"a\" already")]
    public void A_mistake_outside_expressions_is_told_with_its_place(string source, int line, int column, string message) =>
        AssertFirstError(source, line, column, message);

    [Theory]
    [InlineData("this.relatd.a.includes(ctx.subject)", 6, "expected 'related' or 'permits', got \"relatd\"")]
    [InlineData("this.related.a.contains(ctx.subject)", 16, "expected 'traverse' or 'includes', got \"contains\"")]
    [InlineData("this.related.a.includes(ctx)", 28, "expected \".\", got \")\"")]
    [InlineData("this.related.x.includes(ctx.subject)", 14, "namespace \"Doc\" did not declare relation \"x\"")]
    [InlineData("this.permits.x(ctx)", 14, "namespace \"Doc\" did not declare relation \"x\"")]
    [InlineData("this.related.a.traverse((u) => u.permits.p(ctx))", 14, "relation \"p\" was not declared in namespace \"User\"")]
    [InlineData("this.related.x.traverse((u) => u.permits.p(ctx))", 14, "relation \"x\" was not declared in namespace \"Doc\"")]
    [InlineData("this.related.parents.traverse((d) => e.permits.p(ctx))", 38, "expected \"d\", got \"e\"")]
    [InlineData("this.related.parents.traverse((d) => d.grants.p(ctx))", 40, "expected 'related' or 'permits', got \"grants\"")]
    [InlineData("this.related.parents.traverse((d: Doc) => d.permits.p(ctx))", 33, "expected \")\", got \":\"")]
    [InlineData("ctx.subject", 1, "expected \"this\", got \"ctx\"")]
    [InlineData("(A) B", 40, "did not expect another expression")]
    // Keto itself takes these: it would deny, or grant, what the file does not say.
    [InlineData("A ||", 38, "expected an expression after \"||\"")]
    [InlineData("A B", 38, "expected \"&&\" or \"||\", got \"this\"")]
    [InlineData("(A || B", null, "expected \")\", got \"}\"")]
    [InlineData("!()", 2, "expected an expression after \"!\"")]
    [InlineData("", -9, "expected an expression for \"p\"")]
    [InlineData("A && && B", 38, "expected an expression after \"&&\"")]
    public void A_mistake_in_an_expression_is_told_with_its_place(string expression, int? column, string message)
    {
        const string Head = "p: (ctx) => ";
        var source = Prologue + Head + Expand(expression) + "\n}\n}\n";
        var line = Prologue.Count(character => character == '\n') + 1;
        if (column is null)
        {
            AssertFirstError(source, line + 1, 1, message);
        }
        else
        {
            AssertFirstError(source, line, column == -9 ? 1 : Head.Length + column.Value, message);
        }
    }

    [Fact]
    public void The_namespaces_of_the_zone_are_without_mistake()
    {
        var document = OplDocument.Load(Path.Combine(KetoHost.OryConfig, "keto", "namespaces.keto.ts"));

        Assert.Equal(["User", "Rank", "Capability", "Document"], document.Namespaces.Select(ns => ns.Name));
        Assert.Equal("or(members, higher)", Show(document.Namespaces[1].Find("atLeast")!.Rewrite!));
        Assert.Equal("or(granted, requires.atLeast)", Show(document.Namespaces[2].Find("allow")!.Rewrite!));
        Assert.Equal("or(owners, editors, viewers, minimumRank.atLeast)", Show(document.Namespaces[3].Find("view")!.Rewrite!));
    }

    private static void AssertFirstError(string source, int line, int column, string message)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, source);

            var exception = Assert.Throws<ConfigurationException>(() => OplDocument.Load(file));

            Assert.StartsWith($"{file}:{line}: column {column}: {message}", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith(" Correct it.", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static OplDocument ParsePermission(string expression) => OplParser.Parse($"{Prologue}p: (ctx) => {Expand(expression)},\n}}\n}}\n");

    /// <summary>A, B and C stand for asking the relation of that name.</summary>
    private static string Expand(string expression) =>
        string.Concat(expression.Select(character =>
            character is 'A' or 'B' or 'C' ? $"this.related.{char.ToLowerInvariant(character)}.includes(ctx.subject)" : character.ToString()));

    private static string Show(OplExpression expression) => expression switch
    {
        ComputedSubjectSet computed => computed.Relation,
        TupleToSubjectSet traverse => $"{traverse.Relation}.{traverse.ComputedRelation}",
        InvertResult invert => $"not {Show(invert.Child)}",
        SubjectSetRewrite { Operator: OplOperator.And } rewrite => $"and({string.Join(", ", rewrite.Children.Select(Show))})",
        SubjectSetRewrite rewrite => $"or({string.Join(", ", rewrite.Children.Select(Show))})",
        _ => throw new ArgumentException("is no expression", nameof(expression)),
    };
}
