using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>The public keys of a client, its member <c>jwks</c> (RFC 7591, section 2): what Hydra takes, and what it makes of it.</summary>
internal static class ClientKeys
{
    /// <summary>The members of a public key that are kept (RFC 7517, section 4; RFC 7518, section 6). What Hydra does not know, it drops.</summary>
    private static readonly string[] Kept = ["use", "kty", "kid", "crv", "alg", "x", "y", "n", "e"];

    /// <summary>What a key has that is not public, or comes with a certificate.</summary>
    private static readonly string[] NotImplemented = ["k", "d", "x5u", "x5c", "x5t", "x5t#S256"];

    /// <summary>The bytes of a coordinate of each curve.</summary>
    private static readonly Dictionary<string, int> Curves = new() { ["P-256"] = 32, ["P-384"] = 48, ["P-521"] = 66 };

    /// <summary>Reads a set of keys; null where there is none.</summary>
    /// <exception cref="JsonException">It is malformed, or one of its keys is no key.</exception>
    /// <exception cref="OAuth2Exception">One of its keys is of a kind that the emulator does not know.</exception>
    public static JsonObject? Parse(JsonElement? jwks)
    {
        if (jwks is not { } set)
        {
            return null;
        }

        if (set.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("jwks must be an object");
        }

        if (GoJson.Member(set, "keys") is not { } keys)
        {
            return null;
        }

        return keys.ValueKind == JsonValueKind.Array
            ? new JsonObject { ["keys"] = new JsonArray([.. keys.EnumerateArray().Select(Read)]) }
            : throw new JsonException("jwks.keys must be a list");
    }

    /// <summary>The keys of a set that <see cref="Parse"/> has read.</summary>
    public static IReadOnlyList<JsonWebKey> ToKeys(JsonNode jwks) =>
        [.. jwks["keys"]!.AsArray().Select(key => new JsonWebKey(key!.ToJsonString()))];

    private static JsonObject Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("unknown json web key type ''");
        }

        if (NotImplemented.FirstOrDefault(name => key.TryGetProperty(name, out _)) is { } other)
        {
            throw OAuth2Error.NotImplemented($"keys of clients with the member {other}").AsException();
        }

        var kept = new JsonObject();
        foreach (var name in Kept)
        {
            if (Text(key, name) is { Length: > 0 } text)
            {
                kept[name] = text;
            }
        }

        Require(new JsonWebKey(kept.ToJsonString()));
        return kept;
    }

    private static void Require(JsonWebKey key)
    {
        switch (key.Kty)
        {
            case JsonWebAlgorithmsKeyTypes.EllipticCurve:
                if (!Curves.TryGetValue(key.Crv ?? "", out var size))
                {
                    throw new JsonException($"unsupported elliptic curve '{key.Crv}'");
                }

                if (Size(key.X) != size || Size(key.Y) != size)
                {
                    throw new JsonException("invalid EC public key, wrong length for x or y");
                }

                break;
            case JsonWebAlgorithmsKeyTypes.RSA:
                if (Size(key.N) == 0 || Size(key.E) == 0)
                {
                    throw new JsonException("invalid RSA key, missing n/e values");
                }

                break;
            case "OKP":
                throw OAuth2Error.NotImplemented("keys of clients of the type OKP").AsException();
            default:
                throw new JsonException($"unknown json web key type '{key.Kty}'");
        }

        if (!JsonWebKeyConverter.TryConvertToSecurityKey(key, out var converted))
        {
            throw new JsonException("invalid public key");
        }

        using var handle = (converted as ECDsaSecurityKey)?.ECDsa as AsymmetricAlgorithm ?? (converted as RsaSecurityKey)?.Rsa;
    }

    private static int Size(string? encoded)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(encoded ?? "").Length;
        }
        catch (FormatException)
        {
            throw new JsonException("invalid base64url in a JSON web key");
        }
    }

    private static string Text(JsonElement key, string name) => !key.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonException($"{name} of a JSON web key must be a string");
}
