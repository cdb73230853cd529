namespace NovaId.Api.Configuration;

/// <summary>How changes of what has a version are taken: section <c>Versions</c>.</summary>
internal sealed class VersionOptions
{
    public const string Section = "Versions";

    /// <summary>Whether a change must say which version it was made from (<c>If-Match</c>); one that does not is 428 (RFC 6585, section 3).</summary>
    public bool RequireIfMatch { get; set; }
}
