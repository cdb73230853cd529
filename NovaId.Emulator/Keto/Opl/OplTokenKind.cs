namespace NovaId.Emulator.Keto.Opl;

/// <summary>The kinds of tokens of the Ory Permission Language.</summary>
internal enum OplTokenKind
{
    Error,
    EndOfFile,
    Identifier,
    Comment,
    String,
    Class,
    Implements,
    This,
    Context,
    And,
    Or,
    Not,
    Assign,
    Arrow,
    Dot,
    Colon,
    Comma,
    Semicolon,
    Union,
    ParenthesisLeft,
    ParenthesisRight,
    BraceLeft,
    BraceRight,
    BracketLeft,
    BracketRight,
    AngleLeft,
    AngleRight,
}
