using System.ComponentModel.DataAnnotations;
using NovaId.Api.Http;

namespace NovaId.Api.Documents;

/// <summary>What a document says.</summary>
internal sealed record DocumentContent
{
    public const int MaximumTitle = 200;
    public const int MaximumContent = 32 * 1024;
    public const int MaximumLength = MaximumTitle + MaximumContent;

    /// <summary>The title: 1 to 200 characters (Unicode scalar values), not all of them blank, and none of them U+0000.</summary>
    [Length(1, MaximumTitle)]
    [RegularExpression(@"^[^\u0000]*[^\u0000\s][^\u0000]*$")]
    public required string Title { get; init; }

    /// <summary>The text: up to 32,768 characters (Unicode scalar values), none of them U+0000.</summary>
    [MaxLength(MaximumContent)]
    [RegularExpression(@"^[^\u0000]*$")]
    public required string Content { get; init; }

    /// <exception cref="RefusalException">Too little or too much.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Title) || !Title.HasAtMost(MaximumTitle))
        {
            throw Refusal.BadRequest($"title must have 1 to {MaximumTitle} characters.").AsException();
        }

        if (!Content.HasAtMost(MaximumContent))
        {
            throw Refusal.BadRequest($"content may have {MaximumContent} characters.").AsException();
        }

        // No database keeps it in a text: SQLite ends there, PostgreSQL refuses it.
        if (Title.Contains('\0', StringComparison.Ordinal) || Content.Contains('\0', StringComparison.Ordinal))
        {
            throw Refusal.BadRequest("title and content must not have the character U+0000.").AsException();
        }
    }
}
