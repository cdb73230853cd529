using System.Globalization;
using System.Text;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>Parses the text of a <see cref="GoTemplate"/>.</summary>
internal sealed class TemplateParser(string text)
{
    private static readonly char[] Space = [' ', '\t', '\r', '\n'];

    /// <summary>What stands under the names of a session; what hangs below Extra is known only when a request comes.</summary>
    private static readonly Dictionary<string, string[]> KnownFields = new()
    {
        [""] = ["Subject", "Extra", "Header", "MatchContext"],
        ["MatchContext"] = ["RegexpCaptureGroups", "URL", "Method", "Header"],
        ["MatchContext.URL"] = ["Scheme", "Host", "Path", "RawPath", "RawQuery", "String"],
        ["Subject"] = [],
        ["MatchContext.Method"] = [],
        ["MatchContext.RegexpCaptureGroups"] = [],
    };

    private readonly List<Piece> _pieces = [];
    private int _piece;

    // The tokens of the action that is being parsed.
    private List<Token> _tokens = [];
    private int _token;

    private enum Kind
    {
        Word,
        Field,
        Literal,
        Pipe,
        Open,
        Close,
    }

    public IReadOnlyList<GoTemplate.Node> Parse()
    {
        Split();
        return ParseNodes(inside: false, out _);
    }

    private static TemplateException Error(string problem) => new(problem);

    /// <summary>Cuts the text into plain pieces and actions, and takes the white space at trim markers away.</summary>
    private void Split()
    {
        var at = 0;
        var trimNext = false;
        while (true)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            var plain = open < 0 ? text[at..] : text[at..open];
            if (trimNext)
            {
                plain = plain.TrimStart(Space);
            }

            if (open < 0)
            {
                AddText(plain);
                return;
            }

            var start = open + 2;
            if (start + 1 < text.Length && text[start] == '-' && Space.Contains(text[start + 1]))
            {
                plain = plain.TrimEnd(Space);
                start += 2;
            }

            AddText(plain);
            var close = EndOfAction(start);
            var action = text[start..close];
            trimNext = action.Length >= 2 && action[^1] == '-' && Space.Contains(action[^2]);
            if (trimNext)
            {
                action = action[..^1];
            }

            action = action.Trim(Space);
            if (action.StartsWith("/*", StringComparison.Ordinal))
            {
                if (!action.EndsWith("*/", StringComparison.Ordinal) || action.Length < 4)
                {
                    throw Error("has a comment that does not end before its action does");
                }
            }
            else
            {
                _pieces.Add(new Piece(Action: true, action));
            }

            at = close + 2;
        }

        void AddText(string plain)
        {
            if (plain.Length > 0)
            {
                _pieces.Add(new Piece(Action: false, plain));
            }
        }
    }

    /// <summary>Where the action that starts here ends: at the next braces that stand in no string and no comment.</summary>
    private int EndOfAction(int start)
    {
        if (text.AsSpan(start).TrimStart().StartsWith("/*"))
        {
            var end = text.IndexOf("*/", start, StringComparison.Ordinal);
            var braces = end < 0 ? -1 : text.IndexOf("}}", end, StringComparison.Ordinal);
            return braces >= 0 ? braces : throw Error("has a comment that does not end");
        }

        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '`':
                    i = EndOfString(text, i);
                    break;
                case '}' when i + 1 < text.Length && text[i + 1] == '}':
                    return i;
            }
        }

        throw Error("has an action that does not end: }} is missing");
    }

    private static int EndOfString(string source, int start)
    {
        for (var i = start + 1; i < source.Length; i++)
        {
            if (source[i] == source[start])
            {
                return i;
            }

            if (source[start] == '"')
            {
                if (source[i] == '\n')
                {
                    break;
                }

                if (source[i] == '\\')
                {
                    i++;
                }
            }
        }

        throw Error("has a string that does not end");
    }

    private List<GoTemplate.Node> ParseNodes(bool inside, out string ending)
    {
        var nodes = new List<GoTemplate.Node>();
        for (; _piece < _pieces.Count; _piece++)
        {
            var piece = _pieces[_piece];
            if (!piece.Action)
            {
                nodes.Add(new GoTemplate.Text(piece.Value));
                continue;
            }

            var word = piece.Value.Split(Space, 2)[0];
            switch (word)
            {
                case "end" or "else" when inside:
                    ending = piece.Value;
                    return nodes;
                case "end" or "else":
                    throw Error($"has an {word} that belongs to no if");
                case "if":
                    nodes.Add(ParseCondition(piece.Value[2..]));
                    break;
                case "range" or "with" or "define" or "template" or "block" or "break" or "continue":
                    throw Error($"uses '{word}', which the emulator does not know");
                default:
                    nodes.Add(new GoTemplate.Output(ParsePipeline(piece.Value)));
                    break;
            }
        }

        ending = "";
        return inside ? throw Error("has an if without an end") : nodes;
    }

    /// <summary>Parses from an if to its end; the position stays on the action of the end.</summary>
    private GoTemplate.Condition ParseCondition(string test)
    {
        var branches = new List<GoTemplate.Branch>();
        while (true)
        {
            var pipeline = ParsePipeline(test);
            _piece++;
            var body = ParseNodes(inside: true, out var ending);
            branches.Add(new GoTemplate.Branch(pipeline, body));
            if (ending == "end")
            {
                return new GoTemplate.Condition(branches, []);
            }

            if (ending == "else")
            {
                _piece++;
                var otherwise = ParseNodes(inside: true, out ending);
                return ending == "end" ? new GoTemplate.Condition(branches, otherwise) : throw Error("has an else after the last else");
            }

            var rest = ending.StartsWith("else", StringComparison.Ordinal) ? ending[4..].TrimStart(Space) : "";
            test = rest.StartsWith("if", StringComparison.Ordinal) && rest.Length > 2 && Space.Contains(rest[2])
                ? rest[2..]
                : throw Error($"has '{ending}', which the emulator does not know");
        }
    }

    private GoTemplate.Pipeline ParsePipeline(string action)
    {
        _tokens = Tokenize(action);
        _token = 0;
        var pipeline = ParsePipeline();
        return _token == _tokens.Count ? pipeline : throw Error("has a closing bracket too many");
    }

    private GoTemplate.Pipeline ParsePipeline()
    {
        var commands = new List<GoTemplate.Command>();
        while (true)
        {
            commands.Add(ParseCommand(piped: commands.Count > 0));
            if (_token == _tokens.Count || _tokens[_token].Kind != Kind.Pipe)
            {
                return new GoTemplate.Pipeline(commands);
            }

            _token++;
        }
    }

    private GoTemplate.Command ParseCommand(bool piped)
    {
        var operands = new List<(string? Function, GoTemplate.Operand? Operand)>();
        while (_token < _tokens.Count && _tokens[_token].Kind is not (Kind.Pipe or Kind.Close))
        {
            operands.Add(ParseOperand());
        }

        if (operands.Count == 0)
        {
            throw Error("has an empty command");
        }

        // A function without arguments may stand among the arguments of another; each is a command of its own then.
        var arguments = operands.Skip(1)
            .Select(o => o.Operand ?? new GoTemplate.Pipeline([Checked(new GoTemplate.Command(o.Function, null, []), piped: false)]))
            .ToList();
        return Checked(new GoTemplate.Command(operands[0].Function, operands[0].Operand, arguments), piped);
    }

    private static GoTemplate.Command Checked(GoTemplate.Command command, bool piped)
    {
        var count = command.Arguments.Count + (piped ? 1 : 0);
        if (command.Function is { } name)
        {
            var (minimum, maximum, _) = GoFunctions.All[name];
            if (count < minimum || count > maximum)
            {
                throw Error($"calls {name} with {count} arguments");
            }
        }
        else if (count > 0 && command.Operand is not GoTemplate.Field)
        {
            throw Error("gives arguments to a value that is no function");
        }

        return command;
    }

    private (string? Function, GoTemplate.Operand? Operand) ParseOperand()
    {
        var token = _tokens[_token++];
        switch (token.Kind)
        {
            case Kind.Word:
                return (token.Text, null);
            case Kind.Literal:
                return (null, new GoTemplate.Literal(token.Value));
            case Kind.Field:
                return (null, FieldOf(null, token.Text));
            case Kind.Open:
                GoTemplate.Operand inner = ParsePipeline();
                if (_token == _tokens.Count || _tokens[_token].Kind != Kind.Close)
                {
                    throw Error("has an opening bracket too many");
                }

                var close = _tokens[_token++];
                if (_token < _tokens.Count && _tokens[_token] is { Kind: Kind.Field } next && next.Start == close.Start + 1 && next.Text.Length > 1)
                {
                    _token++;
                    inner = FieldOf(inner, next.Text);
                }

                return (null, inner);
            default:
                throw Error("has a bracket or a bar where a value is expected");
        }
    }

    private static GoTemplate.Field FieldOf(GoTemplate.Operand? start, string chain)
    {
        var names = chain == "." ? [] : chain[1..].Split('.');
        if (names.Any(name => name.Length == 0))
        {
            throw Error($"has the field '{chain}', which is malformed");
        }

        var path = "";
        foreach (var name in start is null ? names : [])
        {
            if (KnownFields.TryGetValue(path, out var known) && !known.Contains(name))
            {
                throw Error($"uses the field '{chain}', but there is no '{name}'");
            }

            path = path.Length == 0 ? name : $"{path}.{name}";
        }

        return new GoTemplate.Field(start, names);
    }

    private static List<Token> Tokenize(string action)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < action.Length;)
        {
            var c = action[i];
            var start = i;
            switch (c)
            {
                case ' ' or '\t' or '\r' or '\n':
                    i++;
                    break;
                case '|':
                    tokens.Add(new Token(Kind.Pipe, "|", start, null));
                    i++;
                    break;
                case '(':
                    tokens.Add(new Token(Kind.Open, "(", start, null));
                    i++;
                    break;
                case ')':
                    tokens.Add(new Token(Kind.Close, ")", start, null));
                    i++;
                    break;
                case '"':
                    i = EndOfString(action, i) + 1;
                    tokens.Add(new Token(Kind.Literal, "", start, Unquote(action[(start + 1)..(i - 1)])));
                    break;
                case '`':
                    i = EndOfString(action, i) + 1;
                    tokens.Add(new Token(Kind.Literal, "", start, action[(start + 1)..(i - 1)].Replace("\r", "", StringComparison.Ordinal)));
                    break;
                case '.' when i + 1 >= action.Length || !char.IsAsciiDigit(action[i + 1]):
                    i = EndOfWord(action, i + 1);
                    tokens.Add(new Token(Kind.Field, action[start..i], start, null));
                    break;
                case '$':
                    i = EndOfWord(action, i + 1);
                    var variable = action[(start + 1)..i];
                    if (variable.Length > 0 && variable[0] != '.')
                    {
                        throw Error($"uses the variable '${variable}', which the emulator does not know");
                    }

                    tokens.Add(new Token(Kind.Field, variable.Length == 0 ? "." : variable, start, null));
                    break;
                case '-' or '+' or '.' or (>= '0' and <= '9'):
                    i = EndOfWord(action, i + 1);
                    tokens.Add(new Token(Kind.Literal, "", start, Number(action[start..i])));
                    break;
                default:
                    i = EndOfWord(action, i);
                    tokens.Add(Word(action[start..Math.Max(i, start + 1)], start));
                    break;
            }
        }

        return tokens;
    }

    private static Token Word(string word, int start) => word switch
    {
        "true" => new Token(Kind.Literal, word, start, true),
        "false" => new Token(Kind.Literal, word, start, false),
        "nil" => new Token(Kind.Literal, word, start, null),
        _ when GoFunctions.All.ContainsKey(word) => new Token(Kind.Word, word, start, null),
        _ => throw Error($"uses '{word}', which is no function that the emulator knows. It knows: {string.Join(", ", GoFunctions.All.Keys)}"),
    };

    private static int EndOfWord(string action, int start)
    {
        var i = start;
        while (i < action.Length && (char.IsAsciiLetterOrDigit(action[i]) || action[i] is '_' or '.'))
        {
            i++;
        }

        return i;
    }

    private static object Number(string word)
    {
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Error($"has '{word}', which is no number");
    }

    private static string Unquote(string quoted)
    {
        var result = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\')
            {
                result.Append(quoted[i]);
                continue;
            }

            i++;
            result.Append(quoted[i] switch
            {
                '"' => '"',
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => throw Error($"has the escape '\\{quoted[i]}' in a string, which the emulator does not know"),
            });
        }

        return result.ToString();
    }

    private sealed record Piece(bool Action, string Value);

    private sealed record Token(Kind Kind, string Text, int Start, object? Value);
}
