using System.Globalization;

namespace NovaId.Api.AccessLog;

/// <summary>Where the access log lies: beside the storage, under its name.</summary>
/// <param name="storage">The storage's path.</param>
internal sealed class AccessLogFiles(string storage)
{
    private const string Infix = "-log-";

    private readonly string _storage = Path.GetFullPath(storage);

    /// <summary>The generated key.</summary>
    public string Key => _storage + Infix + "key";

    /// <summary>The head outside the database.</summary>
    public string Head => _storage + Infix + "head";

    public string Segment(int number) => $"{_storage}{Infix}{number:D6}";

    /// <summary>The numbers of the segments that are there, lowest first.</summary>
    public IReadOnlyList<int> Segments()
    {
        var prefix = Path.GetFileName(_storage) + Infix;
        var numbers = new DirectoryInfo(Path.GetDirectoryName(_storage)!).EnumerateFiles(prefix + "*")
            .Select(file => file.Name[prefix.Length..])
            .Where(rest => rest.Length >= 6 && rest.All(char.IsAsciiDigit))
            .Select(rest => int.Parse(rest, NumberStyles.None, CultureInfo.InvariantCulture));
        return [.. numbers.Order()];
    }

    /// <summary>Removes a segment, and what SQLite keeps beside it.</summary>
    public void Delete(int number)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(Segment(number) + suffix);
        }
    }
}
