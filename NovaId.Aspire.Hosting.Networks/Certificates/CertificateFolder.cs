using System.Security.Cryptography;

namespace Aspire.Hosting.Networks;

/// <summary>
/// A folder of this machine with a server's certificate and its key, which ends with the application. It stands in one that nobody but this
/// user enters, so that a container which mounts it can read the key as whatever user it runs, and nobody else here can.
/// </summary>
/// <param name="isMounted">Whether a container reads it, and not a program of this user.</param>
internal sealed class CertificateFolder(bool isMounted)
{
    private const string Prefix = "aspire-certificates-";
    private const string OwnerFile = "owner";
    private const string Files = "tls";
    private const int NameLength = 32;
    private const UnixFileMode UsersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode UsersAlone = UsersFile | UnixFileMode.UserExecute;
    private const UnixFileMode Everybodys = UsersAlone | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _outer = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Prefix + RandomNumberGenerator.GetHexString(NameLength, lowercase: true));

    /// <summary>The folder with the files. It is there when they have been written.</summary>
    public string Path => System.IO.Path.Combine(_outer, Files);

    /// <summary>Where a file of <see cref="CertificateFiles"/> stands here.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file));

    /// <summary>Where whoever reads the files finds one of <see cref="CertificateFiles"/>.</summary>
    public string SeenAs(string file) => isMounted ? file : PathOf(file);

    /// <summary>Puts files there, in their order and each in one step, in place of those from before.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(IEnumerable<ContainerFile> files)
    {
        OwnedFile.CreateFolder(_outer, UsersAlone);
        File.WriteAllText(System.IO.Path.Combine(_outer, OwnerFile), NetworkOwner.Current);
        OwnedFile.CreateFolder(Path, isMounted ? Everybodys : UsersAlone);
        foreach (var file in files)
        {
            OwnedFile.Write(PathOf(file.Name), file.Contents!, isMounted ? OwnedFile.Readable : UsersFile);
        }
    }

    /// <summary>Removes the folder.</summary>
    public void Remove() => Remove(_outer);

    /// <summary>Removes what applications of this user left that were killed.</summary>
    public static void RemoveForsaken()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                if (NetworkOwner.HasEnded(File.ReadAllText(System.IO.Path.Combine(folder, OwnerFile))))
                {
                    Remove(folder);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is another user's, or it is being made.
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was never made, or the next start removes it.
        }
    }
}
