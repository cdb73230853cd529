namespace NovaId.Api.Timing;

/// <summary>What one step of a verification asks.</summary>
/// <param name="Name">The metric's name in <c>Server-Timing</c>: a token (RFC 9110, section 5.6.2).</param>
/// <param name="By">Who answers: api, kratos, keto or hydra.</param>
/// <param name="Asked">The question, for a person.</param>
internal sealed record StepQuestion(string Name, string By, string Asked)
{
    public static StepQuestion IdToken { get; } = new("id_token", "api", "Did the gateway sign this id_token for the API, just now?");

    public static StepQuestion Token { get; } = new("token", "hydra", "Is the access token active?");

    public static StepQuestion Session { get; } = new("session", "kratos", "Is the session active?");

    public static StepQuestion Identity { get; } = new("identity", "kratos", "Is the identity there and active?");

    public static StepQuestion Factors { get; } = new("factors", "kratos", "Which factors has the person set up?");

    public static StepQuestion Rank { get; } = new("rank", "keto", "Which rank does the caller hold?");

    public static StepQuestion Scope(string scope) => new("scope", "hydra", $"Does the access token have the scope {scope}?");

    public static StepQuestion Permission(string asked) => new("permission", "keto", asked);

    public static StepQuestion Requirement(string required) => new("requirement", "api", $"Does the caller have what this takes: {required}?");

    public static StepQuestion Assurance { get; } = new("assurance", "kratos", "Is the login strong and fresh enough?");

    public static StepQuestion Work { get; } = new("work", "api", "What was asked for, and the row of the access log.");
}
