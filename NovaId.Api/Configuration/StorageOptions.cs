namespace NovaId.Api.Configuration;

/// <summary>Where documents and the access log live: section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The path that keeps everything in memory.</summary>
    public const string InMemory = ":memory:";

    /// <summary>The SQLite file, or <see cref="InMemory"/>; for one instance of the API.</summary>
    public string? Path { get; set; }

    /// <summary>
    /// The PostgreSQL database (https://www.npgsql.org/doc/connection-string-parameters.html) that all instances of the API share. Its role
    /// owns it, and nobody else has rights in it.
    /// </summary>
    public string? ConnectionString { get; set; }
}
