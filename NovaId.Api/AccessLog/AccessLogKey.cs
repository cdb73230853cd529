using System.Security.Cryptography;
using NovaId.Api.Configuration;

namespace NovaId.Api.AccessLog;

/// <summary>The key that seals the access log. Whoever lacks it can break the chain, but not mend it.</summary>
internal static class AccessLogKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A key for what ends with the process.</summary>
    public static byte[] Generate() => RandomNumberGenerator.GetBytes(AccessLogOptions.KeyLength);

    /// <summary>The configured key, else the one in the file; null if there is neither.</summary>
    /// <exception cref="AccessLogBrokenException">The file is no key, or others may read it.</exception>
    public static byte[]? Find(AccessLogOptions options, AccessLogFiles files)
    {
        if (options.DecodedKey is { } configured)
        {
            return configured;
        }

        if (!File.Exists(files.Key))
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(files.Key) & Others) != 0)
        {
            throw new AccessLogBrokenException(
                $"The key of the access log, '{files.Key}', can be reached by others. Run: chmod 600 '{files.Key}', and consider whether "
                + "somebody has read it.");
        }

        var text = File.ReadAllText(files.Key).Trim();
        var key = new AccessLogOptions { Key = text }.DecodedKey;
        return key ?? throw new AccessLogBrokenException(
            $"'{files.Key}' holds no key. Put the key of this access log back, from a backup or as AccessLog:Key.");
    }

    /// <summary>Makes a key and keeps it in the file.</summary>
    public static byte[] Create(AccessLogFiles files)
    {
        var key = Generate();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // Moved to its name when it is whole: a process that is killed here leaves no half a key.
        var unfinished = files.Key + ".new";
        File.Delete(unfinished);
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, files.Key);
        return key;
    }
}
