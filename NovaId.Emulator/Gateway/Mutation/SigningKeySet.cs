using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Mutation;

/// <summary>A JSON Web Key Set (RFC 7517) with the private key that id_tokens are signed with, and the public half for everybody.</summary>
internal sealed class SigningKeySet : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;
    private readonly string _header;

    private SigningKeySet(ECDsa key, string keyId, JsonArray publicKeys)
    {
        _key = key;
        _header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            Templates.GoValue.ToJson(new Dictionary<string, object?> { ["alg"] = "ES256", ["kid"] = keyId, ["typ"] = "JWT" })));
        PublicKeys = publicKeys;
    }

    /// <summary>The public halves of all keys.</summary>
    public JsonArray PublicKeys { get; }

    /// <summary>Reads the file that a configuration value names. Its content is in no message: half of it is secret.</summary>
    public static SigningKeySet Read(ConfigurationNode address, string path)
    {
        if (!File.Exists(path))
        {
            throw address.Error($"names '{path}', which does not exist. Generate the key, or name the file that holds it.");
        }

        JsonArray keys;
        try
        {
            keys = JsonNode.Parse(File.ReadAllText(path))?["keys"]?.AsArray() ?? throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw address.Error($"names '{path}', which is no JSON Web Key Set. Generate it anew.");
        }

        return Read(keys) ?? throw address.Error(
            $"names '{path}', which holds no usable signing key: an EC key on P-256 with alg ES256, kid, x, y and d. Generate it anew.");
    }

    /// <summary>A JWT with this payload.</summary>
    public string Sign(string payload)
    {
        var signed = $"{_header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        byte[] signature;
        lock (_lock)
        {
            signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        }

        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static SigningKeySet? Read(JsonArray keys)
    {
        ECDsa? signing = null;
        string? privateKeyId = null;
        string? publicKeyId = null;
        var publicKeys = new JsonArray();
        try
        {
            foreach (var key in keys)
            {
                if (Text(key, "kty") != "EC" || Text(key, "crv") != "P-256" || Text(key, "alg") != "ES256")
                {
                    return null;
                }

                // The first private key signs; the id in the token is that of a public key, if one stands beside it.
                if (Text(key, "d") is null)
                {
                    publicKeyId ??= Text(key, "kid");
                }
                else if (signing is null)
                {
                    signing = Import(key!);
                    privateKeyId = Text(key, "kid");
                }

                publicKeys.Add(PublicHalf(key!));
            }
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or InvalidOperationException)
        {
            return null;
        }

        return signing is not null && !string.IsNullOrEmpty(privateKeyId)
            ? new SigningKeySet(signing, publicKeyId ?? privateKeyId, publicKeys)
            : null;
    }

    private static ECDsa Import(JsonNode key)
    {
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes(key, "d"),
            Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") },
        };
        var signing = ECDsa.Create(parameters);

        // A public half that belongs to another key would be published, and no signature could be verified with it.
        byte[] probe = [1];
        using var verifying = ECDsa.Create(new ECParameters { Curve = parameters.Curve, Q = parameters.Q });
        return verifying.VerifyData(probe, signing.SignData(probe, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256)
            ? signing
            : throw new CryptographicException("The two halves of the key do not belong together.");
    }

    private static JsonObject PublicHalf(JsonNode key)
    {
        var result = new JsonObject();
        foreach (var name in (string[])["use", "kty", "kid", "crv", "alg", "x", "y"])
        {
            if (Text(key, name) is { } value)
            {
                result[name] = value;
            }
        }

        return result;
    }

    private static byte[] Bytes(JsonNode key, string name) => Base64Url.DecodeFromChars(Text(key, name) ?? throw new FormatException());

    private static string? Text(JsonNode? key, string name) => key?[name]?.GetValue<string>();
}
