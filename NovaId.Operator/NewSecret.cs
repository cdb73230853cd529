using System.Buffers.Text;
using System.Security.Cryptography;

namespace NovaId.Operator;

/// <summary>A client and its new secret, which is known here and nowhere else.</summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Secret">The secret.</param>
public sealed record NewSecret(string ClientId, string Secret)
{
    /// <summary>The client without its secret, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => ClientId;

    /// <summary>256 random bits that are safe in an address, a header and a shell.</summary>
    internal static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
