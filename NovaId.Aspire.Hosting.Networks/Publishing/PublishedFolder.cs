namespace Aspire.Hosting.Networks;

/// <summary>The folder that is published into.</summary>
internal static class PublishedFolder
{
    /// <summary>Makes sure that a folder is there and can be written to.</summary>
    /// <exception cref="DistributedApplicationException">It cannot.</exception>
    public static void EnsureWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"{folder} cannot be written: {exception.Message} Name another folder with --output-path, or let this user write there.", exception);
        }
    }
}
