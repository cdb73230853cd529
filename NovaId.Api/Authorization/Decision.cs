using System.Net;
using NovaId.Api.Authentication;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>Whether a request was allowed, and why: it grows while that is decided and is recorded before the answer leaves.</summary>
internal sealed class Decision(string required)
{
    /// <summary>What was required.</summary>
    public string Required { get; private set; } = required;

    public bool IsAllowed { get; private set; }

    public string Reason { get; private set; } = "not decided";

    public AuthenticationMethod? Method { get; private set; }

    public CallerSubject? Subject { get; private set; }

    public Rank? Rank { get; set; }

    /// <summary>Denied unless allowed; this says what it was about.</summary>
    public DecisionOutcome Outcome { get; private set; } = DecisionOutcome.Failed;

    /// <summary>Whether another like it has been recorded just now, so that this one is counted and no more.</summary>
    public bool IsOneOfMany { get; private set; }

    public void Identify(IdToken token, CallerSubject subject) => (Method, Subject) = (token.Method, subject);

    public void Allow() => (IsAllowed, Reason, Outcome) = (true, $"has {Required}", DecisionOutcome.Allowed);

    /// <summary>
    /// Takes note of a refusal. What is refused for its form, or is not there, after it was allowed, was allowed all the same.
    /// </summary>
    public void Refuse(Refusal refusal)
    {
        var outcome = refusal.Status switch
        {
            HttpStatusCode.Unauthorized => DecisionOutcome.Unauthenticated,
            HttpStatusCode.Forbidden => DecisionOutcome.Denied,
            HttpStatusCode.ServiceUnavailable => DecisionOutcome.Unavailable,
            HttpStatusCode.TooManyRequests => DecisionOutcome.Limited,
            _ => DecisionOutcome.Failed,
        };
        if (outcome == DecisionOutcome.Failed && IsAllowed)
        {
            return;
        }

        (IsAllowed, Reason, Outcome) = (false, refusal.Reason, outcome);
        Required = refusal.Required ?? Required;
        IsOneOfMany = refusal.IsOneOfMany;
    }
}
