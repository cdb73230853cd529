using System.Collections.Concurrent;
using System.Globalization;

namespace NovaId.Tests.Configuration.Proofs;

/// <summary>
/// A regular language, closed under union, intersection and complement. Whether it is empty is decided exactly, by walking through its
/// Brzozowski derivatives: what may follow after each beginning. Equal expressions are one object, so that the walk comes to an end.
/// </summary>
internal sealed class Language
{
    private static readonly ConcurrentDictionary<string, Language> Interned = new();

    private static int _numbers;

    private readonly Kind _kind;
    private readonly CharSet? _set;
    private readonly Language[] _parts;
    private readonly ConcurrentDictionary<char, Language> _derivatives = new();

    private Language(string key, Kind kind, CharSet? set, Language[] parts)
    {
        Key = key;
        _kind = kind;
        _set = set;
        _parts = parts;
        AcceptsNothingMore = kind switch
        {
            Kind.Epsilon or Kind.Star => true,
            Kind.Concatenation or Kind.Intersection => parts.All(part => part.AcceptsNothingMore),
            Kind.Union => parts.Any(part => part.AcceptsNothingMore),
            Kind.Complement => !parts[0].AcceptsNothingMore,
            _ => false,
        };
    }

    private enum Kind
    {
        Empty,
        Epsilon,
        Set,
        Concatenation,
        Union,
        Intersection,
        Complement,
        Star,
    }

    /// <summary>No text at all.</summary>
    public static Language Empty { get; } = Intern("0", Kind.Empty, null);

    /// <summary>The empty text alone.</summary>
    public static Language Epsilon { get; } = Intern("1", Kind.Epsilon, null);

    /// <summary>Every text.</summary>
    public static Language Everything { get; } = Complement(Empty);

    private string Key { get; }

    /// <summary>Whether the empty text belongs to the language.</summary>
    private bool AcceptsNothingMore { get; }

    public static Language Characters(CharSet set) => set.IsEmpty ? Empty : Intern($"[{set.Key}]", Kind.Set, set);

    public static Language Text(string text) => Concatenate([.. text.Select(c => Characters(CharSet.Of(c)))]);

    public static Language Concatenate(params IReadOnlyList<Language> parts) =>
        parts.Reverse().Aggregate(Epsilon, (rest, first) => (first._kind, rest._kind) switch
        {
            (Kind.Empty, _) or (_, Kind.Empty) => Empty,
            (Kind.Epsilon, _) => rest,
            (_, Kind.Epsilon) => first,
            // Nested to the right, so that what was read drops off at the front.
            (Kind.Concatenation, _) => Concatenate(first._parts[0], Concatenate(first._parts[1], rest)),
            _ => Intern($"({first.Key}.{rest.Key})", Kind.Concatenation, null, first, rest),
        });

    public static Language Union(params IEnumerable<Language> parts) => Combine(Kind.Union, parts, neutral: Empty, absorbing: Everything);

    public static Language Intersect(params IEnumerable<Language> parts) => Combine(Kind.Intersection, parts, neutral: Everything, absorbing: Empty);

    public static Language Complement(Language part) =>
        part._kind == Kind.Complement ? part._parts[0] : Intern($"!{part.Key}", Kind.Complement, null, part);

    public static Language Star(Language part) => part._kind switch
    {
        Kind.Empty or Kind.Epsilon => Epsilon,
        Kind.Star => part,
        _ => Intern($"{part.Key}*", Kind.Star, null, part),
    };

    public static Language Repeat(Language part, int minimum, int? maximum)
    {
        var least = Concatenate([.. Enumerable.Repeat(part, minimum)]);
        if (maximum is null)
        {
            return Concatenate(least, Star(part));
        }

        var optional = Epsilon;
        for (var i = minimum; i < maximum; i++)
        {
            optional = Union(Epsilon, Concatenate(part, optional));
        }

        return Concatenate(least, optional);
    }

    public bool Contains(string text) => text.Aggregate(this, (language, c) => language.After(c)).AcceptsNothingMore;

    /// <summary>Everything that this language has and the other has not.</summary>
    public Language Except(Language other) => Intersect(this, Complement(other));

    /// <summary>One of the shortest texts of the language; null if it has none.</summary>
    public string? Witness()
    {
        var letters = Representatives();
        var seen = new HashSet<Language> { this };
        var queue = new Queue<(Language Language, string Text)>([(this, "")]);
        while (queue.TryDequeue(out var next))
        {
            if (next.Language.AcceptsNothingMore)
            {
                return next.Text;
            }

            foreach (var letter in letters)
            {
                var after = next.Language.After(letter);
                if (after._kind != Kind.Empty && seen.Add(after))
                {
                    queue.Enqueue((after, next.Text + letter));
                }
            }
        }

        return null;
    }

    /// <summary>The expression of this make-up. It is known by a number from then on: keys made of keys would double in length at every step.</summary>
    private static Language Intern(string makeUp, Kind kind, CharSet? set, params Language[] parts) => Interned.GetOrAdd(
        makeUp, _ => new Language(string.Create(CultureInfo.InvariantCulture, $"#{Interlocked.Increment(ref _numbers)};"), kind, set, parts));

    private static Language Combine(Kind kind, IEnumerable<Language> parts, Language neutral, Language absorbing)
    {
        var distinct = new SortedDictionary<string, Language>(StringComparer.Ordinal);
        foreach (var part in parts.SelectMany(part => part._kind == kind ? part._parts : [part]))
        {
            if (part == absorbing)
            {
                return absorbing;
            }

            if (part != neutral)
            {
                distinct[part.Key] = part;
            }
        }

        return distinct.Count switch
        {
            0 => neutral,
            1 => distinct.Values.First(),
            _ => Intern($"({string.Join(kind == Kind.Union ? '|' : '&', distinct.Keys)})", kind, null, [.. distinct.Values]),
        };
    }

    /// <summary>What may follow once this character was read.</summary>
    private Language After(char c) => _derivatives.GetOrAdd(c, _ => _kind switch
    {
        Kind.Set => _set!.Contains(c) ? Epsilon : Empty,
        Kind.Concatenation => Union(
            Concatenate(_parts[0].After(c), _parts[1]),
            _parts[0].AcceptsNothingMore ? _parts[1].After(c) : Empty),
        Kind.Union => Union(_parts.Select(part => part.After(c))),
        Kind.Intersection => Intersect(_parts.Select(part => part.After(c))),
        Kind.Complement => Complement(_parts[0].After(c)),
        Kind.Star => Concatenate(_parts[0].After(c), this),
        _ => Empty,
    });

    /// <summary>One character for each group of characters that the language treats alike; a readable one where there is one.</summary>
    private char[] Representatives()
    {
        var boundaries = new SortedSet<int> { char.MinValue, char.MaxValue + 1 };
        var visited = new HashSet<Language>();
        var open = new Stack<Language>([this]);
        while (open.TryPop(out var language))
        {
            if (visited.Add(language))
            {
                boundaries.UnionWith(language._set?.Boundaries ?? []);
                foreach (var part in language._parts)
                {
                    open.Push(part);
                }
            }
        }

        return [.. boundaries.Zip(boundaries.Skip(1), (first, next) => Readable(first, next - 1))];
    }

    private static char Readable(int first, int last)
    {
        foreach (var (low, high) in ((int, int)[])[('a', 'z'), ('0', '9'), ('A', 'Z'), ('!', '~')])
        {
            if (Math.Max(first, low) is var candidate && candidate <= Math.Min(last, high))
            {
                return (char)candidate;
            }
        }

        return (char)first;
    }
}
