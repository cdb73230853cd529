using Microsoft.AspNetCore.Http.Features;
using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>What Keto answered for this request.</summary>
internal sealed class PermissionAnswers(IReadOnlyList<RelationTuple> questions, IReadOnlyList<bool> answers)
{
    private readonly Dictionary<RelationTuple, bool> _answers =
        questions.Zip(answers).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>The answer; no to a question that was never asked.</summary>
    public bool this[RelationTuple question] => _answers.GetValueOrDefault(question);

    /// <summary>Whether every question was answered yes.</summary>
    public bool AllowsAll(IEnumerable<RelationTuple> asked) => asked.All(question => this[question]);

    public static ValueTask<PermissionAnswers?> BindAsync(HttpContext httpContext) =>
        new(httpContext.Features.GetRequiredFeature<PermissionAnswers>());
}
