using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace NovaId.Emulator.Go;

/// <summary>
/// JSON as Go's encoding/json reads it: the first value of a body, whatever follows; of a member that stands twice, the last; names of
/// members in any case; and what is no UTF-8, or half a surrogate pair, as U+FFFD.
/// </summary>
internal static class GoJson
{
    /// <summary>What is nested deeper is malformed here; Go takes up to <see cref="GoSyntax.MaximumDepth"/>.</summary>
    private const int MaximumDepth = 900;

    /// <summary>How deep JSON may be nested that holds such a value.</summary>
    public const int WritingDepth = MaximumDepth + 100;

    /// <summary>How a body is read.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = MaximumDepth };

    private static readonly byte[] Replacement = [0xEF, 0xBF, 0xBD];

    /// <summary>
    /// The first value of a body. The members of the outermost object are all there, as <see cref="Member"/> needs them.
    /// </summary>
    /// <exception cref="JsonException">There is none, or it is malformed.</exception>
    public static JsonElement Decode(ReadOnlySpan<byte> body)
    {
        var readable = Readable(body);
        using var document = Parse(readable, isWhole: false);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !HasRepetition(root))
        {
            return WithoutRepetition(root);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                WithoutRepetition(member.Value).WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var rewritten = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = Options.MaxDepth });
        return rewritten.RootElement.Clone();
    }

    /// <summary>The value of a whole text, as Go's json.Unmarshal reads it.</summary>
    /// <exception cref="JsonException">It is malformed, or more follows.</exception>
    public static JsonElement Unmarshal(string text)
    {
        var body = Readable(Encoding.UTF8.GetBytes(text));
        using var document = Parse(body, isWhole: true);
        return WithoutRepetition(document.RootElement);
    }

    /// <summary>What Go calls a kind of value where it cannot put it into a variable.</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>What Go says of a value that is of another kind than the variable it is for.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The variable's type, as Go writes it.</param>
    /// <param name="field">The innermost struct and the names on the way to its field, joined by dots; null where the value stands by itself.</param>
    public static string Mismatch(JsonElement value, string type, string? field = null) =>
        $"json: cannot unmarshal {KindOf(value)} into Go {(field is null ? "value" : $"struct field {field}")} of type {type}";

    /// <summary>
    /// What Go puts into the field of a struct: a member of exactly that name or of one that differs in case, the last of several. Null
    /// changes nothing.
    /// </summary>
    public static JsonElement? Member(JsonElement element, string name)
    {
        JsonElement? found = null;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null && IsNamed(member.Name, name))
                {
                    found = member.Value;
                }
            }
        }

        return found;
    }

    /// <summary>Whether the name of a member is that of a field: case does not count, and two letters of Unicode count as k and s.</summary>
    public static bool IsNamed(string member, string field)
    {
        if (member.Length != field.Length)
        {
            return false;
        }

        for (var i = 0; i < member.Length; i++)
        {
            if (Fold(member[i]) != Fold(field[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same text, in which everything can be read as a string.</summary>
    public static ReadOnlySpan<byte> Readable(ReadOnlySpan<byte> body)
    {
        if (Utf8.IsValid(body) && body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return body;
        }

        var result = new ArrayBufferWriter<byte>(body.Length);
        while (!body.IsEmpty)
        {
            if (body[0] == '\\' && body.Length > 1)
            {
                var length = EscapeLength(body, out var isHalf);
                result.Write(isHalf ? "\\ufffd"u8 : body[..length]);
                body = body[length..];
                continue;
            }

            if (Rune.DecodeFromUtf8(body, out _, out var consumed) == OperationStatus.Done)
            {
                result.Write(body[..consumed]);
            }
            else
            {
                // Go replaces each byte by itself.
                for (var i = 0; i < consumed; i++)
                {
                    result.Write(Replacement);
                }
            }

            body = body[consumed..];
        }

        return result.WrittenSpan;
    }

    /// <summary>Whether half a surrogate pair is escaped somewhere in a text of JSON.</summary>
    public static bool HasHalf(ReadOnlySpan<byte> json)
    {
        while (json.IndexOf((byte)'\\') is var at and >= 0 && at + 1 < json.Length)
        {
            json = json[at..];
            var length = EscapeLength(json, out var isHalf);
            if (isHalf)
            {
                return true;
            }

            json = json[length..];
        }

        return false;
    }

    private static int EscapeLength(ReadOnlySpan<byte> body, out bool isHalf)
    {
        const int Single = 6;
        isHalf = false;
        if (body[1] != 'u' || Unit(body) is not { } first)
        {
            return 2;
        }

        if (!char.IsSurrogate((char)first))
        {
            return Single;
        }

        if (char.IsHighSurrogate((char)first) && Unit(body[Single..]) is { } second && char.IsLowSurrogate((char)second))
        {
            return 2 * Single;
        }

        isHalf = true;
        return Single;
    }

    private static int? Unit(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
            && System.Buffers.Text.Utf8Parser.TryParse(text[2..6], out ushort unit, out var length, 'x') && length == 4
            ? unit
            : null;

    /// <summary>What is wrong is looked for only where something is.</summary>
    private static JsonDocument Parse(ReadOnlySpan<byte> readable, bool isWhole)
    {
        try
        {
            var reader = new Utf8JsonReader(readable, Options);
            var document = JsonDocument.ParseValue(ref reader);
            if (!isWhole || readable[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Go says what is wrong.
        }

        throw new JsonException((isWhole ? GoSyntax.ProblemOfWhole(readable) : GoSyntax.Problem(readable)) ?? "exceeded max depth");
    }

    private static JsonElement WithoutRepetition(JsonElement element) =>
        HasRepetition(element) ? JsonSerializer.SerializeToElement(Copy(element)) : element.Clone();

    private static bool HasRepetition(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return element.EnumerateArray().Any(HasRepetition);
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                return element.EnumerateObject().Any(member => !names.Add(member.Name) || HasRepetition(member.Value));
            default:
                return false;
        }
    }

    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    // The last of several stands where it was written: among names that differ in case, too, the last counts.
                    copy.Remove(member.Name);
                    copy[member.Name] = Copy(member.Value);
                }

                return copy;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    private static char Fold(char c) => c switch
    {
        '\u017F' => 's',
        '\u212A' => 'k',
        _ => char.ToLowerInvariant(c),
    };
}
