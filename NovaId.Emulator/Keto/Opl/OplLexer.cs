using System.Buffers;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Keto.Opl;

/// <summary>Splits an OPL file into the tokens that Keto knows: a small part of TypeScript, with ASCII identifiers.</summary>
internal sealed class OplLexer(string source)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    private static readonly SearchValues<char> Spaces = SearchValues.Create("\t\n\v\f\r ");
    private static readonly SearchValues<char> IdentifierStart = SearchValues.Create(Letters);
    private static readonly SearchValues<char> IdentifierPart = SearchValues.Create(Letters + "0123456789");

    private int _position;
    private bool _ended;

    /// <summary>The next token; after the end of the file, or after an error, only errors follow.</summary>
    public OplToken Next()
    {
        if (_ended)
        {
            return new OplToken(OplTokenKind.Error, "broken state", _position, _position);
        }

        Skip(Spaces);
        var start = _position;
        if (start == source.Length)
        {
            _ended = true;
            return new OplToken(OplTokenKind.EndOfFile, "", start, start);
        }

        var rest = source.AsSpan(start);
        if (rest.Length > 1 && TwoCharacters(rest[..2]) is { } two)
        {
            return Take(two, 2);
        }

        if (rest.StartsWith("//"))
        {
            var line = rest.IndexOf('\n');
            return Take(OplTokenKind.Comment, line < 0 ? rest.Length : line);
        }

        if (rest.StartsWith("/*"))
        {
            var end = rest[2..].IndexOf("*/");
            return end < 0 ? Fail("unclosed comment") : Take(OplTokenKind.Comment, end + 4);
        }

        if (OneCharacter(rest[0]) is { } one)
        {
            return Take(one, 1);
        }

        if (rest[0] is '\'' or '"')
        {
            var length = rest[1..].IndexOf(rest[0]);
            if (length < 0)
            {
                return Fail("unclosed string literal");
            }

            _position = start + length + 2;
            return new OplToken(OplTokenKind.String, source.Substring(start + 1, length), start + 1, start + 1 + length);
        }

        if (IdentifierStart.Contains(rest[0]))
        {
            var end = rest.IndexOfAnyExcept(IdentifierPart);
            var word = end < 0 ? rest : rest[..end];
            return Take(Keyword(word), word.Length);
        }

        return Fail($"unexpected token {rest[0]}");
    }

    private static OplTokenKind? TwoCharacters(ReadOnlySpan<char> text) => text switch
    {
        "=>" => OplTokenKind.Arrow,
        "||" => OplTokenKind.Or,
        "&&" => OplTokenKind.And,
        _ => null,
    };

    private static OplTokenKind? OneCharacter(char character) => character switch
    {
        ':' => OplTokenKind.Colon,
        '.' => OplTokenKind.Dot,
        '(' => OplTokenKind.ParenthesisLeft,
        ')' => OplTokenKind.ParenthesisRight,
        '[' => OplTokenKind.BracketLeft,
        ']' => OplTokenKind.BracketRight,
        '{' => OplTokenKind.BraceLeft,
        '}' => OplTokenKind.BraceRight,
        '<' => OplTokenKind.AngleLeft,
        '>' => OplTokenKind.AngleRight,
        '=' => OplTokenKind.Assign,
        ',' => OplTokenKind.Comma,
        ';' => OplTokenKind.Semicolon,
        '|' => OplTokenKind.Union,
        '!' => OplTokenKind.Not,
        _ => null,
    };

    private static OplTokenKind Keyword(ReadOnlySpan<char> word) => word switch
    {
        "class" => OplTokenKind.Class,
        "implements" => OplTokenKind.Implements,
        "this" => OplTokenKind.This,
        "ctx" => OplTokenKind.Context,
        _ => OplTokenKind.Identifier,
    };

    private void Skip(SearchValues<char> characters)
    {
        var skipped = source.AsSpan(_position).IndexOfAnyExcept(characters);
        _position = skipped < 0 ? source.Length : _position + skipped;
    }

    private OplToken Take(OplTokenKind kind, int length)
    {
        var start = _position;
        _position += length;
        return new OplToken(kind, source.Substring(start, length), start, _position);
    }

    private OplToken Fail(string problem)
    {
        _ended = true;
        var line = source.AsSpan(_position);
        var end = line.IndexOf('\n');
        var near = (end < 0 ? line : line[..end]).ToString();
        return new OplToken(OplTokenKind.Error, $"at {GoText.Quote(near)}: {problem}", _position, _position);
    }
}
