using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start that the path is missing or leads nowhere.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            return ValidateOptionsResult.Fail("Storage:Path must name the SQLite file of documents and access log. "
                + "Set it, for example Storage__Path=novaid.db, or :memory: to keep nothing.");
        }

        if (options.Path == StorageOptions.InMemory)
        {
            return ValidateOptionsResult.Success;
        }

        var path = System.IO.Path.GetFullPath(options.Path);
        if (Directory.Exists(path))
        {
            return ValidateOptionsResult.Fail($"Storage:Path is '{options.Path}', which is a folder. Name a file in it.");
        }

        var folder = System.IO.Path.GetDirectoryName(path);
        return Directory.Exists(folder)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Storage:Path is '{options.Path}', but the folder '{folder}' does not exist. Create it, or name another.");
    }
}
