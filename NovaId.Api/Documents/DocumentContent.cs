using NovaId.Api.Http;

namespace NovaId.Api.Documents;

/// <summary>What a document says.</summary>
internal sealed record DocumentContent
{
    public const int MaximumTitle = 200;
    public const int MaximumContent = 32 * 1024;

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>Up to 32,768 characters.</summary>
    public required string Content { get; init; }

    /// <exception cref="RefusalException">Too little or too much.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > MaximumTitle)
        {
            throw Refusal.BadRequest($"title must have 1 to {MaximumTitle} characters.").AsException();
        }

        if (Content.Length > MaximumContent)
        {
            throw Refusal.BadRequest($"content may have {MaximumContent} characters.").AsException();
        }
    }
}
