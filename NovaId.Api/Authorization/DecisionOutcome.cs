namespace NovaId.Api.Authorization;

/// <summary>How a decision ended.</summary>
internal enum DecisionOutcome
{
    Allowed,
    Denied,
    Unauthenticated,
    Unavailable,

    /// <summary>It never came to a decision: the request was malformed, or broke off.</summary>
    Failed,
}
