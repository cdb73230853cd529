using Microsoft.Extensions.Options;
using Npgsql;

namespace NovaId.Api.Configuration;

/// <summary>Says at start that no storage is named, that two are, or that the one leads nowhere.</summary>
internal sealed class StorageOptionsValidator(IOptions<AccessLogOptions> accessLog) : IValidateOptions<StorageOptions>
{
    private const string Example = "Host=db.internal;Database=novaid_api;Username=novaid_api;Password=…;SSL Mode=VerifyFull";

    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        (string.IsNullOrWhiteSpace(options.Path), string.IsNullOrWhiteSpace(options.ConnectionString)) switch
        {
            (true, true) => ValidateOptionsResult.Fail("Storage:Path must name the SQLite file of documents and access log. "
                + "Set it, for example Storage__Path=novaid.db, or :memory: to keep nothing; or for several instances of the API "
                + "Storage__ConnectionString, which names a PostgreSQL database."),
            (false, false) => ValidateOptionsResult.Fail("Storage:Path and Storage:ConnectionString are both set, and documents and access log live in "
                + "one place. Leave Storage:Path out to keep them in PostgreSQL, or Storage:ConnectionString to keep them in the SQLite file."),
            (false, true) => ValidatePath(options.Path!),
            (true, false) => ValidateConnectionString(options.ConnectionString!),
        };

    private static ValidateOptionsResult ValidatePath(string value)
    {
        if (value == StorageOptions.InMemory)
        {
            return ValidateOptionsResult.Success;
        }

        var path = System.IO.Path.GetFullPath(value);
        if (Directory.Exists(path))
        {
            return ValidateOptionsResult.Fail($"Storage:Path is '{value}', which is a folder. Name a file in it.");
        }

        var folder = System.IO.Path.GetDirectoryName(path);
        return Directory.Exists(folder)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Storage:Path is '{value}', but the folder '{folder}' does not exist. Create it, or name another.");
    }

    /// <summary>The value is in no message: it holds a password.</summary>
    private ValidateOptionsResult ValidateConnectionString(string value)
    {
        var failures = new List<string>();
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(value);
            var missing = new[] { (nameof(parts.Host), parts.Host), (nameof(parts.Database), parts.Database), (nameof(parts.Username), parts.Username) }
                .FirstOrDefault(part => string.IsNullOrWhiteSpace(part.Item2)).Item1;
            if (missing is not null)
            {
                failures.Add($"Storage:ConnectionString names no {missing}. Write it as {Example}");
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            failures.Add($"Storage:ConnectionString is none that PostgreSQL's client reads. Write it as {Example}");
        }

        if (accessLog.Value.DecodedKey is null)
        {
            failures.Add("AccessLog:Key must be set where Storage:ConnectionString is: every instance seals the access log with the same key, and a "
                + "key in the same database would seal nothing. Make one with 'openssl rand -base64 32' and set it by the environment, AccessLog__Key.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
