using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>Pages of a list: a token says, encrypted, after which id the page begins, and is good for an hour.</summary>
internal sealed class PageTokens(HydraSettings settings, TimeProvider time)
{
    private const int DefaultSize = 100;
    private const int MaximumSize = 500;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(settings.PaginationSecret));

    public static int ReadSize(StringValues parameter)
    {
        var text = parameter.ToString();
        if (text.Length == 0)
        {
            return DefaultSize;
        }

        var size = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refuse($"strconv.Atoi: parsing \"{text}\": invalid syntax");
        return size <= 0 ? DefaultSize : Math.Min(size, MaximumSize);
    }

    /// <summary>The id after which the page begins; the empty text for the first page.</summary>
    public string Read(StringValues parameter)
    {
        var token = parameter.ToString();
        if (token.Length == 0)
        {
            return "";
        }

        try
        {
            var bytes = Base64UrlEncoder.DecodeBytes(token);
            var plain = new byte[bytes.Length - NonceLength - TagLength];
            using var cipher = new AesGcm(_key, TagLength);
            cipher.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(
                NonceLength + plain.Length), plain);
            var parts = Encoding.UTF8.GetString(plain).Split(' ', 2);
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture)) >= time.GetUtcNow()
                ? parts[1]
                : throw Refuse("page token expired, do not persist page tokens");
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or OverflowException or ArgumentException)
        {
            throw Refuse("the page token is not one of this server");
        }
    }

    /// <summary>Says where the first and the next page are (RFC 8288).</summary>
    public void WriteLinks(HttpContext http, int size, string? next)
    {
        var links = new List<string> { Link(http, size, "first", "") };
        if (next is not null)
        {
            links.Add(Link(http, size, "next", next));
        }

        http.Response.Headers["Link"] = string.Join(',', links);
    }

    private string Link(HttpContext http, int size, string relation, string after)
    {
        var address = Urls.SetQuery(
            http.Request.Path + http.Request.QueryString,
            new("page_size", size.ToString(CultureInfo.InvariantCulture)),
            new("page_token", Create(after)));
        return $"<{address}>; rel=\"{relation}\"";
    }

    private string Create(string after)
    {
        var plain = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()} {after}"));
        var token = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(token.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(token.AsSpan(0, NonceLength), plain, token.AsSpan(NonceLength, plain.Length), token.AsSpan(
            NonceLength + plain.Length));
        return Base64UrlEncoder.Encode(token);
    }

    private static OAuth2Exception Refuse(string problem) =>
        (OAuth2Error.BadRequest with { Description = $"Unable to parse pagination parameters: {problem}" }).AsException();
}
