using OtpNet;

namespace NovaId.Contract.Drivers;

/// <summary>An app that shows codes (RFC 6238), with a clock that can be moved.</summary>
/// <param name="secret">The key that it shares with the zone, in base 32.</param>
public sealed class AuthenticatorApp(string secret)
{
    private readonly Totp _totp = new(Base32Encoding.ToBytes(secret));

    /// <summary>By how much its clock is fast.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The code that it shows.</summary>
    public string Code => _totp.ComputeTotp(DateTime.UtcNow + Ahead);

    /// <summary>A code that it never shows around now.</summary>
    public string WrongCode
    {
        get
        {
            var near = Enumerable.Range(-3, 7).Select(step => _totp.ComputeTotp(DateTime.UtcNow.AddSeconds(30 * step))).ToHashSet();
            return Enumerable.Range(0, 10).Select(i => new string((char)('0' + i), 6)).First(code => !near.Contains(code));
        }
    }
}
