using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>An authenticator with the browser around it (WebAuthn Level 2): it makes discoverable ES256 keys, verifies its user and counts.
/// What it does can be bent, to see what a zone makes of it.</summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private const byte Es256 = 7;
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte AttestedCredentialData = 0x40;

    private readonly ECDsa _key;
    private byte[] _userHandle = [];

    /// <param name="origin">The page on which the browser is.</param>
    public SoftwareAuthenticator(string origin)
        : this(origin, ECDsa.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(32))
    {
    }

    private SoftwareAuthenticator(string origin, ECDsa key, byte[] credentialId)
    {
        Origin = origin;
        _key = key;
        CredentialId = credentialId;
    }

    /// <summary>The id of its key.</summary>
    public byte[] CredentialId { get; private init; }

    /// <summary>The id as the forms of Kratos write it.</summary>
    public string Name => Convert.ToHexStringLower(CredentialId);

    /// <summary>The page on which the browser is.</summary>
    public string Origin { get; set; }

    /// <summary>The relying party that is signed for; null for the one that asks.</summary>
    public string? RelyingParty { get; set; }

    /// <summary>The challenge that is signed; null for the one that was given.</summary>
    public string? Challenge { get; set; }

    /// <summary>What the page is told to do; null for what it is asked to do.</summary>
    public string? Ceremony { get; set; }

    /// <summary>How often the key was used.</summary>
    public uint Counter { get; set; }

    /// <summary>Its make (AAGUID): one that nobody knows, until another is said.</summary>
    public Guid Model { get; set; } = Guid.NewGuid();

    public bool IsUserPresent { get; set; } = true;

    public bool IsUserVerified { get; set; } = true;

    /// <summary>Bytes that stand in the place of the key's id in the attestation; null for the id.</summary>
    public byte[]? AttestedId { get; set; }

    /// <summary>Another authenticator with the same key and a counter of its own.</summary>
    public SoftwareAuthenticator Clone() => new(Origin, ECDsa.Create(_key.ExportParameters(includePrivateParameters: true)), CredentialId)
    {
        _userHandle = _userHandle,
        Counter = Counter,
    };

    /// <summary>Another authenticator that claims to have the key.</summary>
    public SoftwareAuthenticator Pretender() => new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256), CredentialId) { _userHandle = _userHandle };

    /// <summary>Makes a key, as <c>navigator.credentials.create</c> does.</summary>
    /// <param name="publicKey">The options that the form carries.</param>
    /// <returns>What the form sends.</returns>
    public string Create(JsonElement publicKey)
    {
        _userHandle = Base64Url.DecodeFromChars(publicKey.GetProperty("user").GetProperty("id").GetString());
        var relyingParty = publicKey.GetProperty("rp").GetProperty("id").GetString()!;
        var clientData = ClientData("webauthn.create", publicKey);
        var id = AttestedId ?? CredentialId;
        byte[] attested = [.. Model.ToByteArray(bigEndian: true), (byte)(id.Length >> 8), (byte)id.Length, .. id, .. PublicKey()];
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString([.. AuthenticatorData(relyingParty, AttestedCredentialData), .. attested]);
        attestation.WriteEndMap();
        return Answer(("attestationObject", attestation.Encode()), ("clientDataJSON", clientData));
    }

    /// <summary>Proves that it has the key, as <c>navigator.credentials.get</c> does.</summary>
    /// <param name="publicKey">The options that the form carries.</param>
    /// <returns>What the form sends.</returns>
    public string Get(JsonElement publicKey)
    {
        Counter++;
        var relyingParty = publicKey.GetProperty("rpId").GetString()!;
        var clientData = ClientData("webauthn.get", publicKey);
        var data = AuthenticatorData(relyingParty, 0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(("authenticatorData", data), ("clientDataJSON", clientData), ("signature", signature), ("userHandle", _userHandle));
    }

    public void Dispose() => _key.Dispose();

    private byte[] ClientData(string type, JsonElement publicKey) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = Ceremony ?? type,
        challenge = Challenge ?? publicKey.GetProperty("challenge").GetString(),
        origin = Origin,
        crossOrigin = false,
    });

    private byte[] AuthenticatorData(string relyingParty, byte flags)
    {
        flags |= (byte)((IsUserPresent ? UserPresent : 0) | (IsUserVerified ? UserVerified : 0));
        return
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty ?? relyingParty)),
            flags,
            (byte)(Counter >> 24), (byte)(Counter >> 16), (byte)(Counter >> 8), (byte)Counter,
        ];
    }

    /// <summary>The key in the form of COSE (RFC 9053, 7.1).</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        writer.WriteInt32(1);
        writer.WriteInt32(2);
        writer.WriteInt32(3);
        writer.WriteInt32(-Es256);
        writer.WriteInt32(-1);
        writer.WriteInt32(1);
        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private string Answer(params (string Name, byte[] Value)[] response)
    {
        var id = Base64Url.EncodeToString(CredentialId);
        return JsonSerializer.Serialize(new
        {
            id,
            rawId = id,
            type = "public-key",
            response = response.ToDictionary(part => part.Name, part => Base64Url.EncodeToString(part.Value)),
        });
    }
}
