using System.Globalization;

namespace NovaId.Emulator.Go;

/// <summary>
/// What Go's encoding/json says to a text that is no JSON, in its words: what stands at the first place where it cannot go on, and what it
/// looked for there (<see href="https://github.com/golang/go/blob/go1.24.0/src/encoding/json/scanner.go">scanner.go</see>).
/// </summary>
internal ref struct GoSyntax
{
    /// <summary>How deep Go reads, <c>maxNestingDepth</c>.</summary>
    public const int MaximumDepth = 10_000;

    private const string End = "unexpected EOF";

    private readonly ReadOnlySpan<byte> _text;
    private readonly Stack<Place> _around = new();
    private int _at;

    private GoSyntax(ReadOnlySpan<byte> text) => _text = text;

    private enum Place
    {
        Key,
        Value,
        Item,
    }

    /// <summary>What is wrong with the first value of a text; null where nothing is, whatever follows it.</summary>
    public static string? Problem(ReadOnlySpan<byte> text)
    {
        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "EOF";
        }

        var scanner = new GoSyntax(text);
        return scanner.Scan();
    }

    /// <summary>What is wrong with a text that is to be one value; null where nothing is.</summary>
    public static string? ProblemOfWhole(ReadOnlySpan<byte> text)
    {
        var scanner = new GoSyntax(text);
        if (scanner.Scan() is { } problem)
        {
            return problem == End ? "unexpected end of JSON input" : problem;
        }

        scanner.SkipSpace();
        return scanner._at < text.Length ? scanner.Invalid("after top-level value") : null;
    }

    private string? Scan()
    {
        if (Value(orEnd: false) is { } first)
        {
            return first;
        }

        while (_around.Count > 0)
        {
            SkipSpace();
            if (_at >= _text.Length)
            {
                return End;
            }

            var next = _text[_at];
            var problem = (_around.Peek(), next) switch
            {
                (Place.Key, (byte)':') => Then(Place.Value),
                (Place.Key, _) => Invalid("after object key"),
                (Place.Value, (byte)',') => Then(Place.Key),
                (Place.Value, (byte)'}') or (Place.Item, (byte)']') => Close(),
                (Place.Value, _) => Invalid("after object key:value pair"),
                (Place.Item, (byte)',') => Then(Place.Item),
                _ => Invalid("after array element"),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Then(Place place)
    {
        _at++;
        _around.Pop();
        _around.Push(place);
        return place == Place.Key ? Key(orEnd: false) : Value(orEnd: false);
    }

    private string? Close()
    {
        _at++;
        _around.Pop();
        return null;
    }

    private string? Key(bool orEnd)
    {
        SkipSpace();
        return _at >= _text.Length ? End
            : _text[_at] == '"' ? Text()
            : orEnd && _text[_at] == '}' ? Close()
            : Invalid("looking for beginning of object key string");
    }

    private string? Value(bool orEnd)
    {
        while (true)
        {
            SkipSpace();
            if (_at >= _text.Length)
            {
                return End;
            }

            switch ((char)_text[_at])
            {
                case '{':
                    return Open(Place.Key) ?? Key(orEnd: true);
                case '[':
                    if (Open(Place.Item) is { } tooDeep)
                    {
                        return tooDeep;
                    }

                    orEnd = true;
                    continue;
                case ']' when orEnd:
                    return Close();
                case '"':
                    return Text();
                case 't':
                    return Literal("true");
                case 'f':
                    return Literal("false");
                case 'n':
                    return Literal("null");
                case '-' or (>= '0' and <= '9'):
                    return Number();
                default:
                    return Invalid("looking for beginning of value");
            }
        }
    }

    private string? Open(Place place)
    {
        _at++;
        _around.Push(place);
        return _around.Count > MaximumDepth ? "exceeded max depth" : null;
    }

    private string? Text()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    return null;
                case < 0x20:
                    return Invalid("in string literal");
                case (byte)'\\':
                    _at++;
                    if (_at < _text.Length && _text[_at] == 'u')
                    {
                        for (var digit = 0; digit < 4; digit++)
                        {
                            _at++;
                            if (_at < _text.Length && !char.IsAsciiHexDigit((char)_text[_at]))
                            {
                                return Invalid("in \\u hexadecimal character escape");
                            }
                        }
                    }
                    else if (_at < _text.Length && !"bfnrt\\/\""u8.Contains(_text[_at]))
                    {
                        return Invalid("in string escape code");
                    }

                    break;
            }
        }

        return End;
    }

    private string? Literal(string literal)
    {
        for (var letter = 1; letter < literal.Length; letter++)
        {
            _at++;
            if (_at >= _text.Length)
            {
                return End;
            }

            if (_text[_at] != literal[letter])
            {
                return Invalid($"in literal {literal} (expecting {Quoted(literal[letter])})");
            }
        }

        _at++;
        return null;
    }

    private string? Number()
    {
        if (_text[_at] == '-')
        {
            _at++;
        }

        if (_at >= _text.Length)
        {
            return End;
        }

        if (_text[_at] == '0')
        {
            _at++;
        }
        else if (Digits("in numeric literal") is { } none)
        {
            return none;
        }

        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (Digits("after decimal point in numeric literal") is { } noFraction)
            {
                return noFraction;
            }
        }

        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            return Digits("in exponent of numeric literal");
        }

        return null;
    }

    private string? Digits(string place)
    {
        if (_at >= _text.Length)
        {
            return End;
        }

        if (!char.IsAsciiDigit((char)_text[_at]))
        {
            return Invalid(place);
        }

        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }

        return null;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    private readonly string Invalid(string place) => string.Create(CultureInfo.InvariantCulture, $"invalid character {Quoted((char)_text[_at])} {place}");

    private static string Quoted(char character) => character switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        _ => $"'{GoText.Quote(character.ToString())[1..^1]}'",
    };
}
