namespace NovaId.Operator;

/// <summary>Of what kind a failure is, and so what helps.</summary>
public enum OperatorFailure
{
    /// <summary>The zone understood and refused. Asking the same again does not help.</summary>
    Refused,

    /// <summary>Something that was given is wrong. Nothing was asked of the zone.</summary>
    BadInput,

    /// <summary>The zone, or a service behind its gateway, does not answer. It may later.</summary>
    Unavailable,

    /// <summary>The operator got no token: its secret is wrong, or its client has not been made yet.</summary>
    NotAuthenticated,
}
