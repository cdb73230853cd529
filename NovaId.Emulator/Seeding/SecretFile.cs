namespace NovaId.Emulator.Seeding;

/// <summary>Files that the user alone reads who runs the zone.</summary>
internal static class SecretFile
{
    /// <summary>Writes a file that is not there yet.</summary>
    public static void Write(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }
}
