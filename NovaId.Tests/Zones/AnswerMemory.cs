using System.Text.RegularExpressions;

namespace NovaId.Tests.Zones;

/// <summary>What a service answered, so that one can be given the answer of another.</summary>
internal sealed partial class AnswerMemory
{
    private const int Kept = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Answer>> _byRoute = [];

    public void Remember(Question question, Answer answer)
    {
        lock (_lock)
        {
            if (!_byRoute.TryGetValue(question.Route, out var answers))
            {
                _byRoute[question.Route] = answers = [];
            }

            answers.RemoveAll(old => old.Question == question);
            answers.Add(answer with { Question = question });
            if (answers.Count > Kept)
            {
                answers.RemoveAt(0);
            }
        }
    }

    /// <summary>The answers to the same question about somebody else, those that give the most first.</summary>
    public IReadOnlyList<Answer> OfOthers(Question question)
    {
        lock (_lock)
        {
            var own = _byRoute.GetValueOrDefault(question.Route)?.Find(answer => answer.Question == question);
            return
            [
                .. _byRoute.GetValueOrDefault(question.Route, [])
                    .Where(answer => answer.Question != question && answer.Body != own?.Body)
                    .DistinctBy(answer => answer.Body)
                    .OrderByDescending(answer => answer.Body.Contains("true", StringComparison.Ordinal))
                    .ThenByDescending(answer => answer.Body.Length),
            ];
        }
    }

    /// <param name="Route">What is asked, whoever it is about.</param>
    /// <param name="Whole">All of it.</param>
    public sealed record Question(string Route, string Whole)
    {
        /// <param name="method">The method.</param>
        /// <param name="path">The path.</param>
        /// <param name="query">The query.</param>
        /// <param name="credentials">What proves who asks, where that is what is asked about.</param>
        /// <param name="body">The body.</param>
        public static Question Of(string method, string path, string query, string credentials, string body) => new(
            // An answer to two questions cannot be taken for one to three.
            $"{method} {Id().Replace(path, "{id}")} {Regex.Count(body, "\"relation\"")}",
            $"{method} {path}{query} {credentials} {body}");
    }

    public sealed record Answer(int Status, string? ContentType, string Body)
    {
        public Question? Question { get; init; }

        /// <summary>Whom an introspection names.</summary>
        public string Subject => NamedSubject().Match(Body).Value;
    }

    [GeneratedRegex("\"sub\":\"[^\"]*\"")]
    private static partial Regex NamedSubject();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id();
}
