namespace NovaId.Api.Configuration;

/// <summary>Where documents and the access log live: section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The path that keeps everything in memory.</summary>
    public const string InMemory = ":memory:";

    /// <summary>The SQLite file, or <see cref="InMemory"/>.</summary>
    public string? Path { get; set; }
}
