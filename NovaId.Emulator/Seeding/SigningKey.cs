using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Seeding;

/// <summary>The key with which the gateway signs id_tokens: ES256, as a JSON Web Key Set (RFC 7517) that Oathkeeper reads.</summary>
internal static class SigningKey
{
    /// <summary>Makes a new key.</summary>
    /// <returns>The private key set.</returns>
    public static string Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var jwk = new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["kid"] = Guid.NewGuid().ToString(),
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
            ["d"] = Base64Url.EncodeToString(parameters.D),
        };
        return new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
    }

    /// <summary>Writes a new key into a folder, readable by the owner alone.</summary>
    /// <returns>The <c>file://</c> address of the key set.</returns>
    public static Uri WriteTo(string folder)
    {
        var path = Path.Combine(folder, "id-token.jwks.json");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(Generate());
        return new Uri(path);
    }
}
