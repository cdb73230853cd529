namespace NovaId.AppHost.Tests.Captures;

/// <summary>What one side of a connection sent, put together by the numbers of its parts: in whichever order they came, and however often.</summary>
internal sealed class CapturedStream
{
    private readonly List<(uint Sequence, byte[] Data)> _parts = [];

    /// <summary>The number before the first byte; null where the beginning was not seen.</summary>
    public uint? Start { get; set; }

    /// <summary>How many bytes came, again and again ones counted too.</summary>
    public uint Length { get; private set; }

    public void Add(uint sequence, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            _parts.Add((sequence, data.ToArray()));
            Length += (uint)data.Length;
        }
    }

    /// <summary>Puts together what is there.</summary>
    /// <returns>Pieces without a gap, in their order; one, from the first byte on, where everything was seen.</returns>
    public IReadOnlyList<byte[]> Assemble()
    {
        if (_parts.Count == 0)
        {
            return [];
        }

        var origin = Start is { } start ? start + 1 : _parts[0].Sequence;
        var pieces = new List<byte[]>();
        using var piece = new MemoryStream();
        var next = 0L;
        var isFirst = true;
        // Numbers begin anew after four gigabytes, so that only their distance says what comes first.
        foreach (var (offset, data) in _parts.Select(part => (Offset: (long)(int)(part.Sequence - origin), part.Data)).OrderBy(part => part.Offset))
        {
            if (isFirst || offset > next)
            {
                if (offset > 0 && isFirst && Start is not null)
                {
                    pieces.Add([]);
                }

                Finish();
                next = offset;
                isFirst = false;
            }

            var known = next - offset;
            if (known < data.Length)
            {
                piece.Write(data.AsSpan((int)known));
                next = offset + data.Length;
            }
        }

        Finish();
        return pieces;

        void Finish()
        {
            if (piece.Length > 0)
            {
                pieces.Add(piece.ToArray());
                piece.SetLength(0);
            }
        }
    }
}
