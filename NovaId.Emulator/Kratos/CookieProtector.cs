using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// Encrypts and authenticates what cookies carry (AES-256-GCM under a key derived from the cookie secret, bound to the cookie's name), so
/// that nobody but this service reads or makes one.
/// </summary>
internal sealed class CookieProtector
{
    private const int KeyLength = 32;

    private readonly List<byte[]> _keys;

    public CookieProtector(IReadOnlyList<byte[]> secrets) =>
        _keys = [.. secrets.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyLength, info: "novaid kratos cookie"u8.ToArray()))];

    public string Protect(string name, IReadOnlyDictionary<string, string> values)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(values);
        var sealedBytes = new byte[AesGcm.NonceByteSizes.MaxSize + plain.Length + AesGcm.TagByteSizes.MaxSize];
        var (nonce, body, tag) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_keys[0], AesGcm.TagByteSizes.MaxSize);
        cipher.Encrypt(nonce, plain, body, tag, Encoding.UTF8.GetBytes(name));
        return WebEncoders.Base64UrlEncode(sealedBytes);
    }

    /// <summary>What the cookie carries, or null if this service did not make it.</summary>
    public Dictionary<string, string>? Unprotect(string name, string? cookie)
    {
        if (string.IsNullOrEmpty(cookie))
        {
            return null;
        }

        byte[] sealedBytes;
        try
        {
            sealedBytes = WebEncoders.Base64UrlDecode(cookie);
        }
        catch (FormatException)
        {
            return null;
        }

        if (sealedBytes.Length < AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize)
        {
            return null;
        }

        foreach (var key in _keys)
        {
            var (nonce, body, tag) = Parts(sealedBytes);
            var plain = new byte[body.Count];
            using var cipher = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
            try
            {
                cipher.Decrypt(nonce, body, tag, plain, Encoding.UTF8.GetBytes(name));
                return JsonSerializer.Deserialize<Dictionary<string, string>>(plain);
            }
            catch (AuthenticationTagMismatchException)
            {
                // Made under another secret, or by somebody else.
            }
        }

        return null;
    }

    private static (ArraySegment<byte> Nonce, ArraySegment<byte> Body, ArraySegment<byte> Tag) Parts(byte[] bytes)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (new(bytes, 0, nonce), new(bytes, nonce, bytes.Length - nonce - tag), new(bytes, bytes.Length - tag, tag));
    }
}
