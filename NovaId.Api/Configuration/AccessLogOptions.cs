using System.Buffers.Text;

namespace NovaId.Api.Configuration;

/// <summary>How the access log is sealed, how it is divided into segments, and how long it is kept: section <c>AccessLog</c>.</summary>
internal sealed class AccessLogOptions
{
    public const string Section = "AccessLog";

    /// <summary>How many bytes a key has at least.</summary>
    public const int KeyLength = 32;

    /// <summary>Below this a segment would be little more than its own indexes.</summary>
    public const long MinimumSegmentBytes = 64 * 1024;

    /// <summary>The key that seals the records, in base64; null keeps a generated one in a file beside a SQLite file.</summary>
    public string? Key { get; set; }

    /// <summary>A segment that is larger is closed, and the next one begins.</summary>
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A segment whose first record is older is closed, and the next one begins.</summary>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A closed segment whose last record is older is removed; null keeps every one.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>How many segments are kept, the open one too; null keeps every one.</summary>
    public int? MaximumSegments { get; set; }

    /// <summary>
    /// Where an instance keeps the head outside a PostgreSQL database; null keeps none. It is the instance's own. Beside a SQLite file there
    /// is one in any case.
    /// </summary>
    public string? HeadFile { get; set; }

    /// <summary>Lets a log begin where one was and is gone. For one start, by whoever knows why.</summary>
    public bool BeginAnew { get; set; }

    /// <summary>The key's bytes; null if none is configured or it is none.</summary>
    public byte[]? DecodedKey =>
        !string.IsNullOrWhiteSpace(Key) && Base64.IsValid(Key) && Convert.FromBase64String(Key) is { Length: >= KeyLength } key ? key : null;
}
