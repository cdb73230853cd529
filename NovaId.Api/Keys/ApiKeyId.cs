using System.Security.Cryptography;
using NovaId.Api.Http;

namespace NovaId.Api.Keys;

/// <summary>The client id of an API key, which names its owner: <c>key-{identity id}-{16 hexadecimal digits}</c>.</summary>
/// <param name="OwnerId">The person who made the key.</param>
/// <param name="Suffix">Tells the owner's keys apart.</param>
internal sealed record ApiKeyId(Guid OwnerId, string Suffix)
{
    /// <summary>The same as a regular expression.</summary>
    public const string Pattern = "^key-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{16}$";

    private const string Prefix = "key-";
    private const int UuidLength = 36;
    private const int SuffixLength = 16;

    /// <summary>What the ids of a person's keys begin with.</summary>
    public static string PrefixOf(Guid owner) => $"{Prefix}{owner}-";

    public static ApiKeyId CreateFor(Guid owner) => new(owner, RandomNumberGenerator.GetHexString(SuffixLength, lowercase: true));

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ApiKeyId? id)
    {
        id = null;
        if (text is not { Length: 57 }
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !CanonicalUuid.TryParse(text.Substring(Prefix.Length, UuidLength), out var owner)
            || text[Prefix.Length + UuidLength] != '-')
        {
            return false;
        }

        var suffix = text[^SuffixLength..];
        if (!suffix.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        id = new ApiKeyId(owner, suffix);
        return true;
    }

    public override string ToString() => PrefixOf(OwnerId) + Suffix;
}
