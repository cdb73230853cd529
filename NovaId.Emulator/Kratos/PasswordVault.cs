using System.Text;
using Microsoft.AspNetCore.Identity;

namespace NovaId.Emulator.Kratos;

/// <summary>Hashes passwords, compares them, and refuses weak ones.</summary>
internal sealed class PasswordVault(KratosConfiguration configuration)
{
    /// <summary>Bcrypt, which the zone's Kratos hashes with, reads no further.</summary>
    private const int MaxBytes = 72;

    private const int MinDistance = 5;
    private const float MaxCommonPart = 0.5f;

    private static readonly PasswordHasher<string> Hasher = new();

    // Compared with when there is no account, so that the answer takes as long as for a wrong password.
    private readonly Lazy<string> _decoy = new(() => Hasher.HashPassword("", Guid.NewGuid().ToString()));

    /// <summary>Makes the decoy before anybody's answer depends on it.</summary>
    public void WarmUp() => _ = _decoy.Value;

    /// <exception cref="FormException">The password is longer than a hash takes in.</exception>
    public static string Hash(string password)
    {
        RequireHashable(password);
        return Hasher.HashPassword("", password);
    }

    /// <summary>Whether this is the password. Without a hash it never is, and takes as long to say so.</summary>
    public bool Verify(string? hash, string password) =>
        (Hasher.VerifyHashedPassword("", hash ?? _decoy.Value, password) != PasswordVerificationResult.Failed) & hash is not null;

    /// <exception cref="FormException">The password does not meet the policy for one of the identifiers.</exception>
    public void RequireStrong(string password, IEnumerable<string> identifiers)
    {
        var length = Encoding.UTF8.GetByteCount(password);
        if (length < configuration.MinPasswordLength)
        {
            throw new FormException(UiMessage.PasswordMinLength(configuration.MinPasswordLength, length), "password");
        }

        RequireHashable(password);
        if (configuration.IdentifierSimilarityCheck && identifiers.Any(identifier => TooSimilar(identifier.ToLowerInvariant(), password.ToLowerInvariant())))
        {
            throw new FormException(UiMessage.PasswordTooSimilar, "password");
        }
    }

    private static void RequireHashable(string password)
    {
        if (Encoding.UTF8.GetByteCount(password) is var length and > MaxBytes)
        {
            throw new FormException(UiMessage.PasswordMaxLength(MaxBytes, length), "password");
        }
    }

    private static bool TooSimilar(string identifier, string password) =>
        identifier.Length > 0
        && (EditDistance(identifier, password) < MinDistance
            || (float)LongestCommonPart(identifier, password) / Encoding.UTF8.GetByteCount(password) > MaxCommonPart);

    /// <summary>Levenshtein's distance.</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }

    private static int LongestCommonPart(string a, string b)
    {
        var longest = 0;
        var row = new int[b.Length + 1];
        foreach (var c in a)
        {
            for (var j = b.Length; j > 0; j--)
            {
                row[j] = c == b[j - 1] ? row[j - 1] + 1 : 0;
                longest = Math.Max(longest, row[j]);
            }
        }

        return longest;
    }
}
