using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>Cookies whose value nobody but Hydra can make: the id of a login session is no secret, so the cookie must be one.</summary>
internal sealed class SignedCookies(HydraSettings settings, TimeProvider time)
{
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(settings.CookieSecret));

    public void Set(HttpContext http, string name, string value, TimeSpan lifetime)
    {
        var encoded = Base64UrlEncoder.Encode(value);
        http.Response.Cookies.Append(name, $"{encoded}.{Base64UrlEncoder.Encode(Sign(name, encoded))}", Options(lifetime));
    }

    public void Remove(HttpContext http, string name) => http.Response.Cookies.Delete(name, Options(null));

    /// <summary>The value of a cookie; the empty text if there is none; null if it was not made here.</summary>
    public string? Get(HttpContext http, string name)
    {
        if (!http.Request.Cookies.TryGetValue(name, out var cookie))
        {
            return "";
        }

        if (cookie.Split('.') is not [var encoded, var signature])
        {
            return null;
        }

        try
        {
            return CryptographicOperations.FixedTimeEquals(Sign(name, encoded), Base64UrlEncoder.DecodeBytes(signature))
                ? Base64UrlEncoder.Decode(encoded)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A name for each client, so that two flows in one browser do not disturb each other.</summary>
    public string NameOf(string name, string? clientId = null)
    {
        var suffix = clientId is null ? "" : $"_{BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)))}";
        return (settings.Development ? name + "_dev" : name) + suffix;
    }

    private CookieOptions Options(TimeSpan? lifetime) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = !settings.Development,
        SameSite = settings.SameSite,
        MaxAge = lifetime,
        Expires = lifetime is null ? null : time.GetUtcNow() + lifetime,
    };

    private byte[] Sign(string name, string encoded) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{name}|{encoded}"));
}
