using System.Globalization;

namespace NovaId.Tests.Configuration.Proofs;

/// <summary>
/// Turns the URL of a rule into the language of the texts that it matches. It knows the part of regular expressions that the house uses
/// (groups, alternatives, classes, quantifiers, the end anchor, negative lookahead) and fails on anything else, so that nothing is
/// proved about an expression that was misread.
/// </summary>
internal sealed class PatternCompiler
{
    /// <summary>An end anchor also matches before one last line feed.</summary>
    private static readonly Language End = Language.Union(Language.Epsilon, Language.Text("\n"));

    private readonly string _text;
    private int _at;

    private PatternCompiler(string text) => _text = text;

    /// <summary>The language of a rule's URL.</summary>
    public static Language Compile(string url)
    {
        var items = new List<Node>();
        var literalStart = 0;
        var groupStart = 0;
        var level = 0;
        for (var i = 0; i < url.Length; i++)
        {
            if (url[i] == '<' && level++ == 0)
            {
                items.Add(Literal(url[literalStart..i]));
                groupStart = i + 1;
            }
            else if (url[i] == '>' && --level == 0)
            {
                var compiler = new PatternCompiler(url[groupStart..i]);
                items.Add(compiler.ParseAlternatives());
                compiler.RequireEnd();
                literalStart = i + 1;
            }
        }

        if (level != 0)
        {
            throw new FormatException($"The brackets of '{url}' are not balanced.");
        }

        items.Add(Literal(url[literalStart..]));
        return new Sequence(items).Before(End);
    }

    private static Sequence Literal(string text) => new([.. text.Select(c => new Set(CharSet.Of(c)))]);

    private Node ParseAlternatives()
    {
        var alternatives = new List<Node> { ParseSequence() };
        while (_at < _text.Length && _text[_at] == '|')
        {
            _at++;
            alternatives.Add(ParseSequence());
        }

        return alternatives.Count == 1 ? alternatives[0] : new Alternatives(alternatives);
    }

    private Sequence ParseSequence()
    {
        var items = new List<Node>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            items.Add(ParseQuantified());
        }

        return new Sequence(items);
    }

    private Node ParseQuantified()
    {
        var node = ParseAtom();
        if (_at == _text.Length)
        {
            return node;
        }

        (int Minimum, int? Maximum)? quantifier = _text[_at] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => ParseCounts(),
            _ => null,
        };
        if (quantifier is null)
        {
            return node;
        }

        _at++;
        return _at < _text.Length && _text[_at] is '?' or '+' or '*'
            ? throw Unknown("a lazy, possessive or doubled quantifier")
            : new Repetition(node, quantifier.Value.Minimum, quantifier.Value.Maximum);
    }

    /// <summary>Leaves the position on the closing brace.</summary>
    private (int Minimum, int? Maximum) ParseCounts()
    {
        var close = _text.IndexOf('}', _at);
        var counts = _text[(_at + 1)..close].Split(',');
        _at = close;
        var minimum = int.Parse(counts[0], CultureInfo.InvariantCulture);
        return counts switch
        {
            [_] => (minimum, minimum),
            [_, ""] => (minimum, null),
            [_, var maximum] => (minimum, int.Parse(maximum, CultureInfo.InvariantCulture)),
            _ => throw Unknown("a count"),
        };
    }

    private Node ParseAtom()
    {
        var c = _text[_at++];
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new Set(ParseClass());
            case '.':
                return new Set(CharSet.Of('\n').Complement());
            case '$':
                return new EndAnchor();
            case '\\':
                return new Set(CharSet.Of(ParseEscape()));
            case '^' or '*' or '+' or '?' or '{' or '}':
                throw Unknown($"'{c}'");
            default:
                return new Set(CharSet.Of(c));
        }
    }

    private Node ParseGroup()
    {
        var lookahead = false;
        if (_at < _text.Length && _text[_at] == '?')
        {
            lookahead = _text[(_at + 1)..].StartsWith('!');
            if (!lookahead && !_text[(_at + 1)..].StartsWith(':'))
            {
                throw Unknown("a special group");
            }

            _at += 2;
        }

        var inside = ParseAlternatives();
        if (_at == _text.Length || _text[_at++] != ')')
        {
            throw Unknown("an open group");
        }

        return lookahead ? new NegativeLookahead(inside) : inside;
    }

    private CharSet ParseClass()
    {
        var negated = _text[_at] == '^';
        if (negated)
        {
            _at++;
        }

        var set = CharSet.Of();
        for (var first = true; first || _text[_at] != ']'; first = false)
        {
            var low = ClassCharacter();
            var high = low;
            if (_text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                high = ClassCharacter();
            }

            set = set.Union(CharSet.Of((low, high)));
        }

        _at++;
        return negated ? set.Complement() : set;
    }

    private char ClassCharacter() => _text[_at++] switch
    {
        '\\' => ParseEscape(),
        '[' => throw Unknown("a class in a class"),
        var c => c,
    };

    private char ParseEscape()
    {
        var c = _text[_at++];
        return char.IsAsciiLetterOrDigit(c) ? throw Unknown($@"'\{c}'") : c;
    }

    private void RequireEnd()
    {
        if (_at < _text.Length)
        {
            throw Unknown("a closing bracket");
        }
    }

    private NotSupportedException Unknown(string what) => new($"The proof does not know {what} in '{_text}', near position {_at}.");

    private abstract record Node
    {
        /// <summary>The texts that match this node and go on with one of the rest. Anchors and lookahead speak about that rest.</summary>
        public abstract Language Before(Language rest);
    }

    private sealed record Set(CharSet Characters) : Node
    {
        public override Language Before(Language rest) => Language.Concatenate(Language.Characters(Characters), rest);
    }

    private sealed record Sequence(IReadOnlyList<Node> Items) : Node
    {
        public override Language Before(Language rest) => Items.Reverse().Aggregate(rest, (after, item) => item.Before(after));
    }

    private sealed record Alternatives(IReadOnlyList<Node> Items) : Node
    {
        public override Language Before(Language rest) => Language.Union(Items.Select(item => item.Before(rest)));
    }

    private sealed record Repetition(Node Item, int Minimum, int? Maximum) : Node
    {
        public override Language Before(Language rest) =>
            // An anchor that is repeated would speak about the next repetition; the house has no such thing.
            SpeaksOfTheRest(Item)
                ? throw new NotSupportedException("The proof does not know an anchor or a lookahead that is repeated.")
                : Language.Concatenate(Language.Repeat(Item.Before(Language.Epsilon), Minimum, Maximum), rest);

        private static bool SpeaksOfTheRest(Node node) => node switch
        {
            EndAnchor or NegativeLookahead => true,
            Sequence sequence => sequence.Items.Any(SpeaksOfTheRest),
            Alternatives alternatives => alternatives.Items.Any(SpeaksOfTheRest),
            Repetition repetition => SpeaksOfTheRest(repetition.Item),
            _ => false,
        };
    }

    private sealed record EndAnchor : Node
    {
        public override Language Before(Language rest) => Language.Intersect(End, rest);
    }

    private sealed record NegativeLookahead(Node Item) : Node
    {
        public override Language Before(Language rest) => rest.Except(Item.Before(Language.Everything));
    }
}
