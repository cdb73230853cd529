using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Api.Gateway;

/// <summary>
/// The private key with which a client proves itself to Hydra, <c>private_key_jwt</c> (RFC 7523; OpenID Connect Core 1.0, section 9): EC P-256,
/// so that it signs with ES256. Hydra knows the public half alone.
/// </summary>
internal sealed class ClientKey : IDisposable
{
    /// <summary>How one is made.</summary>
    public const string Remedy = "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

    /// <summary>What it signs with.</summary>
    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    private const string PrivateKeyLabel = "PRIVATE KEY";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int Longest = 16 * 1024;

    /// <summary>Long enough for a token request and for clocks that differ, and no longer: Hydra takes each assertion once.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ECDsa _key;
    private readonly SigningCredentials _credentials;
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    private ClientKey(ECDsa key)
    {
        _key = key;
        var security = new ECDsaSecurityKey(key);
        // The thumbprint of the public half (RFC 7638), so that the key alone says what it is called.
        security.KeyId = Base64UrlEncoder.Encode(security.ComputeJwkThumbprint());
        _credentials = new SigningCredentials(security, Algorithm);
    }

    /// <summary>Makes a key.</summary>
    /// <returns>PKCS#8 in PEM.</returns>
    public static string Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Public keys as Hydra registers them (RFC 7517, section 5).</summary>
    public static JsonObject ToSet(IEnumerable<JsonNode> keys) => new() { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) };

    /// <summary>Reads a key.</summary>
    /// <param name="pem">PKCS#8 in PEM (RFC 7468), not encrypted.</param>
    /// <exception cref="FormatException">It is none; the message says why, as the end of a sentence, and holds nothing of it.</exception>
    public static ClientKey Parse(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Length > Longest || !PemEncoding.TryFind(pem, out var fields))
        {
            throw new FormatException("is no private key in PEM");
        }

        if (pem[fields.Label] != PrivateKeyLabel)
        {
            throw new FormatException($"must begin with -----BEGIN {PrivateKeyLabel}-----: a private key in PKCS#8, not encrypted");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
            {
                return new(key);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new FormatException("is no EC private key");
        }

        key.Dispose();
        throw new FormatException("is a key of another curve than P-256");
    }

    /// <summary>Reads a key from a file.</summary>
    /// <exception cref="FormatException">There is none; the message begins with the file's name.</exception>
    public static ClientKey Read(string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            var buffer = new char[Longest + 1];
            return Parse(new string(buffer, 0, reader.ReadBlock(buffer)));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{file} {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{file} cannot be read by this program");
        }
    }

    /// <summary>
    /// An assertion for one request. It says nothing of when it was made: Hydra takes none that was made in the future, by a clock that is a
    /// second behind.
    /// </summary>
    /// <param name="clientId">The client.</param>
    /// <param name="tokenEndpoint">The address of the token endpoint as the zone says it, which is what Hydra compares.</param>
    /// <param name="now">The time.</param>
    public string CreateAssertion(string clientId, string tokenEndpoint, DateTimeOffset now) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = clientId,
        Audience = tokenEndpoint,
        Expires = (now + Lifetime).UtcDateTime,
        Claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = clientId,
            [JwtRegisteredClaimNames.Jti] = RandomNumberGenerator.GetHexString(32, lowercase: true),
        },
        SigningCredentials = _credentials,
    });

    /// <summary>The public half (RFC 7517).</summary>
    public JsonObject ToPublicJwk()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            ["kid"] = _credentials.Key.KeyId,
            ["crv"] = "P-256",
            ["alg"] = Algorithm,
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    /// <summary>The private number itself, from which other keys can be derived.</summary>
    public byte[] ExportPrivateNumber() => _key.ExportParameters(includePrivateParameters: true).D!;

    public void Dispose() => _key.Dispose();
}
