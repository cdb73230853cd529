namespace NovaId.Api.Authorization;

/// <summary>How a decision ended.</summary>
internal enum DecisionOutcome
{
    Allowed,
    Denied,
    Unauthenticated,
    Unavailable,

    /// <summary>There were too many requests to look at this one.</summary>
    Limited,

    /// <summary>It never came to a decision: the request was malformed, or broke off.</summary>
    Failed,
}
