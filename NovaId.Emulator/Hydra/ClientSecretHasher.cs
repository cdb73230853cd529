using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NovaId.Emulator.Hydra;

/// <summary>Keeps client secrets as Hydra does: PBKDF2 with SHA-256, in the notation of PHC.</summary>
internal sealed class ClientSecretHasher(int iterations)
{
    private const int SaltLength = 16;
    private const int KeyLength = 32;

    public string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var key = Derive(secret, salt, iterations);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"$pbkdf2-sha256$i={iterations},l={KeyLength}${Convert.ToBase64String(salt)}${Convert.ToBase64String(key)}");
    }

    public static bool Verify(string hash, string secret)
    {
        var parts = hash.Split('$');
        var rounds = int.Parse(parts[2].Split(',')[0]["i=".Length..], CultureInfo.InvariantCulture);
        return CryptographicOperations.FixedTimeEquals(
            Derive(secret, Convert.FromBase64String(parts[3]), rounds), Convert.FromBase64String(parts[4]));
    }

    private static byte[] Derive(string secret, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, rounds, HashAlgorithmName.SHA256, KeyLength);
}
