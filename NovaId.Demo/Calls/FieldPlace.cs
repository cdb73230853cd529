namespace NovaId.Demo.Calls;

/// <summary>Where a field of the form goes.</summary>
public enum FieldPlace
{
    /// <summary>Into the path.</summary>
    Path,

    /// <summary>Into the query.</summary>
    Query,

    /// <summary>Into the body.</summary>
    Body,

    /// <summary>Into <c>If-Match</c> (RFC 9110, section 13.1.1).</summary>
    Version,
}
