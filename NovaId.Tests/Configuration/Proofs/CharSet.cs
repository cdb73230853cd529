using System.Globalization;

namespace NovaId.Tests.Configuration.Proofs;

/// <summary>A set of characters as ranges, sorted and apart.</summary>
internal sealed class CharSet
{
    private readonly (int First, int Last)[] _ranges;

    private CharSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        Key = string.Join(',', ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.First:x}-{range.Last:x}")));
    }

    public static CharSet Any { get; } = Of((char.MinValue, char.MaxValue));

    /// <summary>Equal sets have equal keys.</summary>
    public string Key { get; }

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Where a character begins to belong or ceases to: between two of these all characters are alike.</summary>
    public IEnumerable<int> Boundaries => _ranges.SelectMany(range => (int[])[range.First, range.Last + 1]);

    public static CharSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new CharSet([.. merged]);
    }

    public static CharSet Of(char c) => Of((c, c));

    public bool Contains(char c) => _ranges.Any(range => range.First <= c && c <= range.Last);

    public CharSet Union(CharSet other) => Of(_ranges.Concat(other._ranges));

    public CharSet Complement()
    {
        var result = new List<(int First, int Last)>();
        var next = (int)char.MinValue;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                result.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= char.MaxValue)
        {
            result.Add((next, char.MaxValue));
        }

        return new CharSet([.. result]);
    }
}
