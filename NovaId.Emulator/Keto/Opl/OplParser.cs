using NovaId.Emulator.Go;
using static NovaId.Emulator.Keto.Opl.OplExpression;

namespace NovaId.Emulator.Keto.Opl;

/// <summary>
/// Parses the Ory Permission Language by Keto's own grammar (schema/parser.go): what Keto takes, this takes, and it means the same. Where
/// Keto takes what cannot have been meant (text outside classes, an operator without an operand), the result is Keto's too, but it is
/// noted as a silent error, so that the zone does not start on it.
/// </summary>
internal sealed class OplParser
{
    /// <summary>How deep parentheses and negations may stand in each other.</summary>
    private const int MaxNesting = 10;

    /// <summary>How far the check of a traversal follows subject sets.</summary>
    private const int MaxTypeDepth = 10;

    private readonly OplLexer _lexer;
    private readonly List<OplNamespace> _namespaces = [];
    private readonly List<OplError> _errors = [];
    private readonly List<OplError> _silentErrors = [];
    private readonly List<Action> _typeChecks = [];
    private readonly List<OplRelation> _relations = [];
    private string _namespace = "";
    private OplToken? _lookahead;
    private bool _fatal;
    private bool _lexerFailed;

    private OplParser(string source) => _lexer = new OplLexer(source);

    /// <summary>Parses a file and checks its types. Types are checked only if the grammar is right.</summary>
    public static OplDocument Parse(string source)
    {
        var parser = new OplParser(source);
        parser.ParseFile();
        return new OplDocument(parser._namespaces, parser._errors, parser._silentErrors);
    }

    private void ParseFile()
    {
        OplToken? import = null;
        var stray = false;
        while (!_fatal)
        {
            var token = Next();
            switch (token.Kind)
            {
                case OplTokenKind.EndOfFile:
                    RequireModule(import);
                    foreach (var check in _errors.Count == 0 ? _typeChecks : [])
                    {
                        check();
                    }

                    return;
                case OplTokenKind.Error:
                    Fatal(token, $"fatal: {token.Text}");
                    break;
                case OplTokenKind.Class:
                    RequireModule(import);
                    (import, stray) = (null, false);
                    ParseClass();
                    break;
                // Keto skips whatever stands between classes; that is how it reads imports, and how it loses a class with a typo.
                case OplTokenKind.String when import is not null:
                    import = null;
                    break;
                case OplTokenKind.Identifier when import is null && token.Text == "import":
                    (import, stray) = (token, false);
                    break;
                case OplTokenKind.Identifier when token.Text == "export":
                case OplTokenKind.Semicolon:
                    break;
                default:
                    if (import is null && !stray)
                    {
                        stray = true;
                        Silent(token, $"expected \"class\" or \"import\", got {GoText.Quote(token.Text)}");
                    }

                    break;
            }
        }
    }

    private void RequireModule(OplToken? import)
    {
        if (import is { } token)
        {
            Silent(token, "expected an import to end with the name of a module in quotes");
        }
    }

    private void ParseClass()
    {
        var nameToken = Peek();
        if (!Name(out var name) || !Expect("implements") || !Expect("Namespace") || !Expect("{"))
        {
            return;
        }

        if (_namespaces.Exists(other => other.Name == name))
        {
            Silent(nameToken, $"expected a new namespace, but {GoText.Quote(name)} stands here for the second time");
        }

        _namespace = name;
        _relations.Clear();
        while (!_fatal)
        {
            var token = Next();
            if (token.Kind == OplTokenKind.BraceRight)
            {
                _namespaces.Add(new OplNamespace(name, [.. _relations]));
                return;
            }

            if (token.Text == "related")
            {
                ParseRelated();
            }
            else if (token.Text == "permits")
            {
                ParsePermits();
            }
            else if (token.Kind != OplTokenKind.Semicolon)
            {
                Fatal(token, $"expected 'permits' or 'related', got {GoText.Quote(token.Text)}");
            }
        }
    }

    private void ParseRelated()
    {
        if (!Expect(":") || !Expect("{"))
        {
            return;
        }

        while (!_fatal)
        {
            var token = Next();
            switch (token.Kind)
            {
                case OplTokenKind.Semicolon:
                    break;
                case OplTokenKind.BraceRight:
                    return;
                case OplTokenKind.Identifier or OplTokenKind.String:
                    Expect(":");
                    AddRelation(token, ParseTypes(), null);
                    break;
                default:
                    Fatal(token, $"expected identifier or '}}', got {Describe(token.Kind)} {GoText.Quote(token.Text)}");
                    break;
            }
        }
    }

    private List<OplRelationType> ParseTypes()
    {
        if (_fatal)
        {
            return [];
        }

        var token = Next();
        if (token.Text == "Array")
        {
            Expect("<");
            return ParseTypeUnion(OplTokenKind.AngleRight);
        }

        List<OplRelationType> types = token switch
        {
            { Text: "SubjectSet" } => [ParseSubjectSet()],
            { Kind: OplTokenKind.ParenthesisLeft } => ParseTypeUnion(OplTokenKind.ParenthesisRight),
            _ => [PlainType(token)],
        };
        _ = Expect("[") && Expect("]") && Optional(",");
        return types;
    }

    private List<OplRelationType> ParseTypeUnion(OplTokenKind end)
    {
        List<OplRelationType> types = [];
        while (!_fatal)
        {
            var token = Next();
            types.Add(token.Text == "SubjectSet" ? ParseSubjectSet() : PlainType(token));
            if (_fatal)
            {
                break;
            }

            var separator = Next();
            if (separator.Kind == end)
            {
                break;
            }

            if (separator.Kind != OplTokenKind.Union)
            {
                Fatal(separator, $"expected '|', got {GoText.Quote(separator.Text)}");
            }
        }

        return types;
    }

    private OplRelationType PlainType(OplToken name)
    {
        _typeChecks.Add(() => RequireNamespace(name, name.Text));
        return new OplRelationType(name.Text, "");
    }

    private OplRelationType ParseSubjectSet()
    {
        if (!Expect("<"))
        {
            return new OplRelationType("", "");
        }

        var name = Next();
        if (!Expect(","))
        {
            return new OplRelationType(name.Text, "");
        }

        var relation = Next();
        Expect(">");
        _typeChecks.Add(() => RequireRelation(name, name.Text, relation));
        return new OplRelationType(name.Text, relation.Text);
    }

    private void ParsePermits()
    {
        if (!Expect("=") || !Expect("{"))
        {
            return;
        }

        while (!_fatal)
        {
            var token = Next();
            switch (token.Kind)
            {
                case OplTokenKind.BraceRight:
                    return;
                case OplTokenKind.Identifier or OplTokenKind.String:
                    _ = Expect(":") && Expect("(") && Expect("ctx") && Optional(":", "Context") && Expect(")") && Optional(":", "boolean")
                        && Expect("=>");
                    var silentBefore = _silentErrors.Count;
                    var expression = ParseExpressions(OplTokenKind.Comma, MaxNesting);
                    if (expression is null)
                    {
                        // Keto leaves the block here without a word, and takes what follows for the rest of the class.
                        if (!_fatal && _silentErrors.Count == silentBefore)
                        {
                            Silent(token, $"expected an expression for {GoText.Quote(token.Text)}");
                        }

                        return;
                    }

                    AddRelation(token, [], Simplify(expression));
                    break;
                default:
                    Fatal(token, $"expected identifier or '}}', got {Describe(token.Kind)} {GoText.Quote(token.Text)}");
                    break;
            }
        }
    }

    /// <summary>
    /// Parses expressions joined by operators, up to the final token or a closing brace. Operators have no precedence: each takes all that
    /// stands to the left of it.
    /// </summary>
    private SubjectSetRewrite? ParseExpressions(OplTokenKind final, int depth)
    {
        if (IsTooDeep(depth))
        {
            return null;
        }

        SubjectSetRewrite? root = null;
        OplToken? operand = null;
        var groupBefore = false;
        while (!_fatal)
        {
            var token = Peek();
            if (token.Kind == final)
            {
                Next();
                RequireOperand(operand);
                return root;
            }

            switch (token.Kind)
            {
                case OplTokenKind.BraceRight:
                    // The brace belongs to the block. Keto takes it for the end of an open group as well.
                    RequireOperand(operand);
                    if (final == OplTokenKind.ParenthesisRight)
                    {
                        Silent(token, "expected \")\", got \"}\"");
                    }

                    return root;
                case OplTokenKind.And or OplTokenKind.Or:
                    Next();
                    if (root is null)
                    {
                        return null;
                    }

                    RequireOperand(operand);
                    root = new SubjectSetRewrite(token.Kind == OplTokenKind.And ? OplOperator.And : OplOperator.Or, [root]);
                    (operand, groupBefore) = (token, false);
                    break;
                case OplTokenKind.ParenthesisLeft or OplTokenKind.Not:
                    Next();
                    OplExpression? child = token.Kind == OplTokenKind.Not
                        ? ParseNot(depth - 1)
                        : ParseExpressions(OplTokenKind.ParenthesisRight, depth - 1);
                    if (child is null)
                    {
                        return null;
                    }

                    RequireOperator(token, root, operand);
                    root = Add(root, child);
                    (operand, groupBefore) = (null, true);
                    break;
                default:
                    if (groupBefore)
                    {
                        Fatal(token, "did not expect another expression");
                        return null;
                    }

                    if (ParseExpression() is not { } expression)
                    {
                        return null;
                    }

                    RequireOperator(token, root, operand);
                    root = Add(root, expression);
                    operand = null;
                    break;
            }
        }

        return null;
    }

    private InvertResult? ParseNot(int depth)
    {
        if (IsTooDeep(depth))
        {
            return null;
        }

        var token = Peek();
        OplExpression? child;
        if (token.Kind == OplTokenKind.ParenthesisLeft)
        {
            Next();
            child = ParseExpressions(OplTokenKind.ParenthesisRight, depth - 1);
        }
        else
        {
            child = ParseExpression();
        }

        if (child is null && !_fatal)
        {
            Silent(token, "expected an expression after \"!\"");
        }

        return child is null ? null : new InvertResult(child);
    }

    private bool IsTooDeep(int depth)
    {
        if (depth > 0)
        {
            return false;
        }

        Fatal(Peek(), $"expression nested too deeply; maximal nesting depth is {MaxNesting}");
        return true;
    }

    /// <summary>Keto takes an operator with nothing behind it for no operator.</summary>
    private void RequireOperand(OplToken? @operator)
    {
        if (@operator is { } token)
        {
            Silent(token, $"expected an expression after {GoText.Quote(token.Text)}");
        }
    }

    /// <summary>Keto joins two expressions with nothing between them by the operator before them, or by a union.</summary>
    private void RequireOperator(OplToken expression, SubjectSetRewrite? root, OplToken? @operator)
    {
        if (root is not null && @operator is null)
        {
            Silent(expression, $"expected \"&&\" or \"||\", got {GoText.Quote(expression.Text)}");
        }
    }

    private static SubjectSetRewrite Add(SubjectSetRewrite? root, OplExpression child) =>
        root is null ? child.AsRewrite() : root with { Children = [.. root.Children, child] };

    private OplExpression? ParseExpression()
    {
        if (!Expect("this") || !Expect("."))
        {
            return null;
        }

        var verb = Next();
        if (!PropertyAccess(out var name))
        {
            return null;
        }

        switch (verb.Text)
        {
            case "related":
                if (!Expect("."))
                {
                    return null;
                }

                var method = Next();
                switch (method.Text)
                {
                    case "traverse":
                        return ParseTraverse(name);
                    case "includes":
                        return ParseIncludes(name);
                    default:
                        Fatal(method, $"expected 'traverse' or 'includes', got {GoText.Quote(method.Text)}");
                        return null;
                }

            case "permits":
                return Expect("(") && Expect("ctx") && Expect(")") ? OwnRelation(name) : null;
            default:
                Fatal(verb, $"expected 'related' or 'permits', got {GoText.Quote(verb.Text)}");
                return null;
        }
    }

    private ComputedSubjectSet? ParseIncludes(OplToken relation) =>
        Expect("(") && Expect("ctx") && Expect(".") && Expect("subject") && Expect(")") ? OwnRelation(relation) : null;

    private ComputedSubjectSet OwnRelation(OplToken relation)
    {
        var current = _namespace;
        _typeChecks.Add(() => RequireRelation(relation, current, relation));
        return new ComputedSubjectSet(relation.Text);
    }

    private TupleToSubjectSet? ParseTraverse(OplToken relation)
    {
        if (!Expect("("))
        {
            return null;
        }

        var parenthesised = Peek().Kind == OplTokenKind.ParenthesisLeft;
        if (parenthesised)
        {
            Next();
        }

        var argument = Next();
        if ((parenthesised && !Expect(")")) || !Expect("=>") || !Expect(argument.Text) || !Expect("."))
        {
            return null;
        }

        var verb = Next();
        if (verb.Text is not ("related" or "permits"))
        {
            Fatal(verb, $"expected 'related' or 'permits', got {GoText.Quote(verb.Text)}");
            return null;
        }

        if (!PropertyAccess(out var target, onlyIdentifier: true))
        {
            return null;
        }

        _ = verb.Text == "related"
            ? Expect(".") && Expect("includes") && Expect("(") && Expect("ctx") && Expect(".") && Expect("subject") && Optional(",")
                && Expect(")") && Optional(",") && Expect(")")
            : Expect("(") && Expect("ctx") && Expect(")") && Expect(")");
        var current = _namespace;
        _typeChecks.Add(() => RequireRelationOfTypes(relation, current, relation.Text, target.Text, MaxTypeDepth));
        _typeChecks.Add(() => RequireRelation(relation, current, relation));
        return new TupleToSubjectSet(relation.Text, target.Text);
    }

    /// <summary>A property by name: <c>.name</c> or <c>["name"]</c>.</summary>
    private bool PropertyAccess(out OplToken name, bool onlyIdentifier = false)
    {
        name = default;
        if (_fatal)
        {
            return false;
        }

        var bracket = Peek().Kind == OplTokenKind.BracketLeft;
        if (!bracket && !Expect("."))
        {
            return false;
        }

        if (bracket)
        {
            Next();
        }

        name = Next();
        return (!onlyIdentifier || RequireIdentifier(name)) && (!bracket || Expect("]"));
    }

    /// <summary>Lets a chain of one operator be one rewrite: each level that is left costs a check a step of its depth.</summary>
    private static SubjectSetRewrite Simplify(SubjectSetRewrite root)
    {
        List<OplExpression> children = [];
        foreach (var child in root.Children)
        {
            if (child is SubjectSetRewrite rewrite && rewrite.Operator == root.Operator)
            {
                children.AddRange(Simplify(rewrite).Children);
            }
            else
            {
                children.Add(child);
            }
        }

        return root with { Children = children };
    }

    private void AddRelation(OplToken name, IReadOnlyList<OplRelationType> types, SubjectSetRewrite? rewrite)
    {
        if (_relations.Exists(other => other.Name == name.Text))
        {
            Silent(name, $"expected a new name, but {GoText.Quote(_namespace)} has {GoText.Quote(name.Text)} already");
        }

        _relations.Add(new OplRelation(name.Text, types, rewrite));
    }

    private bool RequireNamespace(OplToken place, string name)
    {
        if (_namespaces.Exists(candidate => candidate.Name == name))
        {
            return true;
        }

        Error(place, $"namespace {GoText.Quote(name)} was not declared");
        return false;
    }

    private void RequireRelation(OplToken place, string name, OplToken relation)
    {
        if (RequireNamespace(place, name) && Find(name, relation.Text) is null)
        {
            Error(relation, $"namespace {GoText.Quote(name)} did not declare relation {GoText.Quote(relation.Text)}");
        }
    }

    /// <summary>A traversal asks its question of all that the relation may lead to, so all of it must know the answer.</summary>
    private void RequireRelationOfTypes(OplToken place, string name, string relation, string target, int depth)
    {
        if (depth < 0)
        {
            Error(place, "could not typecheck deeply nested SubjectSet further");
            return;
        }

        if (Find(name, relation) is not { } found)
        {
            Error(place, $"relation {GoText.Quote(relation)} was not declared in namespace {GoText.Quote(name)}");
            return;
        }

        foreach (var type in found.Types)
        {
            if (type.Relation.Length > 0)
            {
                RequireRelationOfTypes(place, type.Namespace, type.Relation, target, depth - 1);
            }
            else if (Find(type.Namespace, target) is null)
            {
                Error(place, $"relation {GoText.Quote(target)} was not declared in namespace {GoText.Quote(type.Namespace)}");
            }
        }
    }

    private OplRelation? Find(string name, string relation) => _namespaces.Find(candidate => candidate.Name == name)?.Find(relation);

    private OplToken Next()
    {
        var token = Peek();
        _lookahead = null;
        return token;
    }

    private OplToken Peek()
    {
        if (_lookahead is { } known)
        {
            return known;
        }

        OplToken token;
        do
        {
            token = _lexer.Next();
        }
        while (token.Kind == OplTokenKind.Comment);
        if (token.Kind == OplTokenKind.Error && !_lexerFailed)
        {
            // Where any token may stand, Keto takes this one too, and complains of the next. This is the place to look at.
            _lexerFailed = true;
            Silent(token, token.Text);
        }

        _lookahead = token;
        return token;
    }

    /// <summary>Keto compares texts, not kinds: a keyword in quotes is a keyword here.</summary>
    private bool Expect(string text)
    {
        if (_fatal)
        {
            return false;
        }

        var token = Next();
        if (token.Text == text)
        {
            return true;
        }

        Fatal(token, $"expected {GoText.Quote(text)}, got {GoText.Quote(token.Text)}");
        return false;
    }

    /// <summary>Takes the tokens if the first of them is there; then the others must be there too. True unless they are not.</summary>
    private bool Optional(params ReadOnlySpan<string> texts)
    {
        if (_fatal || Peek().Text != texts[0])
        {
            return !_fatal;
        }

        foreach (var text in texts)
        {
            if (!Expect(text))
            {
                return false;
            }
        }

        return true;
    }

    private bool Name(out string name)
    {
        name = "";
        if (_fatal)
        {
            return false;
        }

        var token = Next();
        name = token.Text;
        return RequireIdentifier(token);
    }

    private bool RequireIdentifier(OplToken token)
    {
        if (token.Kind is OplTokenKind.Identifier or OplTokenKind.String)
        {
            return true;
        }

        Fatal(token, $"expected identifier, got {Describe(token.Kind)}");
        return false;
    }

    private void Error(OplToken token, string message) => _errors.Add(new OplError(message, token.Start, token.End));

    private void Fatal(OplToken token, string message)
    {
        Error(token, message);
        _fatal = true;
    }

    private void Silent(OplToken token, string message) => _silentErrors.Add(new OplError(message, token.Start, token.End));

    /// <summary>The name that Keto's messages give to a kind of token.</summary>
    private static string Describe(OplTokenKind kind) => kind switch
    {
        OplTokenKind.EndOfFile => "EOF",
        OplTokenKind.String => "StringLiteral",
        OplTokenKind.Class => "KeywordClass",
        OplTokenKind.Implements => "KeywordImplements",
        OplTokenKind.This => "KeywordThis",
        OplTokenKind.Context => "KeywordCtx",
        OplTokenKind.And => "\"&&\"",
        OplTokenKind.Or => "\"||\"",
        OplTokenKind.Not => "\"!\"",
        OplTokenKind.Assign => "\"=\"",
        OplTokenKind.Arrow => "\"=>\"",
        OplTokenKind.Dot => "\".\"",
        OplTokenKind.Colon => "\":\"",
        OplTokenKind.Comma => "\",\"",
        OplTokenKind.Semicolon => "\";\"",
        OplTokenKind.Union => "\"|\"",
        OplTokenKind.ParenthesisLeft => "\"(\"",
        OplTokenKind.ParenthesisRight => "\")\"",
        OplTokenKind.BraceLeft => "\"{\"",
        OplTokenKind.BraceRight => "\"}\"",
        OplTokenKind.BracketLeft => "\"[\"",
        OplTokenKind.BracketRight => "\"]\"",
        OplTokenKind.AngleLeft => "\"<\"",
        OplTokenKind.AngleRight => "\">\"",
        _ => kind.ToString(),
    };
}
