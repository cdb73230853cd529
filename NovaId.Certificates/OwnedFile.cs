using System.Globalization;
using System.Runtime.InteropServices;

namespace NovaId.Certificates;

/// <summary>Files and folders of this user of which it is said who else may have them.</summary>
internal static partial class OwnedFile
{
    /// <summary>The mode of what everybody may read and its owner alone writes.</summary>
    public const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

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
    /// <param name="path">The file.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="mode">Who may do what with it.</param>
    /// <param name="owner">The numeric id of the user whose it is to be; null is this user.</param>
    /// <exception cref="IOException">It cannot be written, or not be given to that user.</exception>
    public static void Write(string path, string text, UnixFileMode mode, int? owner = null)
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
            // Its mode first: what is another user's, this one may not change any more.
            File.SetUnixFileMode(next, mode);
            if (owner is { } user && ChangeOwner(next, (uint)user, uint.MaxValue) != 0)
            {
                throw new IOException($"{next} cannot be given to the user {user.ToString(CultureInfo.InvariantCulture)}: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>The function <c>chown</c>; a group of -1 leaves the group as it is (POSIX.1-2024).</summary>
    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
