namespace Aspire.Hosting.Networks;

/// <summary>Files and folders of this user of which it is said who else may have them.</summary>
internal static class OwnedFile
{
    /// <summary>Makes a folder with this mode, or gives it to one that is there.</summary>
    public static void CreateFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, mode);
            // The process's mask may have taken something away.
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Writes a file in one step, so that nobody finds half of it, and nobody else reads it before it has its mode.</summary>
    public static void Write(string path, string text, UnixFileMode mode)
    {
        var next = $"{path}.new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(next, options))
        {
            writer.Write(text);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(next, mode);
        }

        File.Move(next, path, overwrite: true);
    }
}
