using System.Globalization;
using System.Text;

namespace NovaId.Api.AccessLog;

/// <summary>
/// The head of the log outside the database: a database that was put back to an earlier state, or is gone, does not agree with it. Two lines
/// take turns, so that a process that is killed while it writes one leaves the other; the file is then one batch behind, never ahead.
/// </summary>
internal sealed class HeadFile : IDisposable
{
    private const int LineLength = 256;
    private const string Label = "novaid-access-log-head";

    private readonly FileStream _stream;
    private int _line;

    private HeadFile(FileStream stream, int line) => (_stream, _line) = (stream, line);

    /// <summary>Opens the file to write to it, and makes it where there is none.</summary>
    public static HeadFile Open(string path, RecordChain chain)
    {
        var current = File.Exists(path) ? ReadLines(path, chain) : [];
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var line = current.Count == 0 ? 0 : 1 - Newest(current).Line;
        return new HeadFile(new FileStream(path, options), line);
    }

    /// <summary>The newest head that the file holds; null if it holds none that was sealed with the key.</summary>
    public static SealedHead? Read(string path, RecordChain chain) =>
        ReadLines(path, chain) is { Count: > 0 } lines ? Newest(lines).Head : null;

    public void Write(SealedHead head, byte[] seal)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Label} {head.Segment} {head.First} {head.Last} {Convert.ToHexStringLower(head.Hash)} {Convert.ToHexStringLower(seal)}");
        RandomAccess.Write(_stream.SafeFileHandle, Encoding.ASCII.GetBytes(line.PadRight(LineLength - 1) + "\n"), _line * (long)LineLength);
        _line = 1 - _line;
    }

    public void Dispose() => _stream.Dispose();

    private static (int Line, SealedHead Head) Newest(List<(int Line, SealedHead Head)> lines) =>
        lines.MaxBy(line => (line.Head.Last, line.Head.Segment));

    private static List<(int Line, SealedHead Head)> ReadLines(string path, RecordChain chain)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[2 * LineLength];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var heads = new List<(int, SealedHead)>();
        for (var line = 0; line < length / LineLength; line++)
        {
            if (Parse(Encoding.ASCII.GetString(bytes, line * LineLength, LineLength), chain) is { } head)
            {
                heads.Add((line, head));
            }
        }

        return heads;
    }

    private static SealedHead? Parse(string line, RecordChain chain)
    {
        if (line.TrimEnd().Split(' ') is not [Label, var segment, var first, var last, var hash, var seal]
            || !int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var firstId)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var lastId)
            || hash.Length != 2 * RecordChain.HashLength || !hash.All(char.IsAsciiHexDigit)
            || seal.Length != 2 * RecordChain.HashLength || !seal.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var head = new SealedHead(number, firstId, lastId, Convert.FromHexString(hash));
        return chain.IsSealed(head, Convert.FromHexString(seal)) ? head : null;
    }
}
