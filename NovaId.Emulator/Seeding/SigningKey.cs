using Aspire.Hosting.Ory;

namespace NovaId.Emulator.Seeding;

/// <summary>The key with which the gateway signs id_tokens: ES256, as a JSON Web Key Set (RFC 7517) that Oathkeeper reads.</summary>
internal static class SigningKey
{
    /// <summary>Writes a new key into a folder, readable by the owner alone.</summary>
    /// <returns>The <c>file://</c> address of the key set.</returns>
    public static Uri WriteTo(string folder)
    {
        var path = Path.Combine(folder, "id-token.jwks.json");
        SecretFile.Write(path, GeneratedKeySet.New());
        return new Uri(path);
    }
}
