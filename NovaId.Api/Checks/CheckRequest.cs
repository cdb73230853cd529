using System.ComponentModel.DataAnnotations;

namespace NovaId.Api.Checks;

/// <summary>Questions about the caller.</summary>
internal sealed record CheckRequest
{
    public const int Maximum = 50;

    /// <summary>One to fifty questions.</summary>
    [Length(1, Maximum)]
    public required IReadOnlyList<Check> Checks { get; init; }
}
