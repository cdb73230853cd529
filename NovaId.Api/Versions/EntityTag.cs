using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace NovaId.Api.Versions;

/// <summary>Makes entity tags (RFC 9110, section 8.8.3): all of them strong, since an answer is written in one way only.</summary>
internal static class EntityTag
{
    private const int HashLength = 16;

    /// <summary>The tag of what has another number, or another time, with every change.</summary>
    public static EntityTagHeaderValue Of(long version) => Quoted(version.ToString("x", CultureInfo.InvariantCulture));

    /// <summary>The tag of what is kept elsewhere, without a version: of the answer itself.</summary>
    public static EntityTagHeaderValue Of<T>(T content, JsonTypeInfo<T> type) => Of(JsonSerializer.SerializeToUtf8Bytes(content, type));

    /// <summary>The tag of these bytes.</summary>
    public static EntityTagHeaderValue Of(ReadOnlySpan<byte> content) =>
        Quoted(Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, HashLength)));

    private static EntityTagHeaderValue Quoted(string opaque) => new($"\"{opaque}\"");
}
