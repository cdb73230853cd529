using System.Security.Cryptography;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>The script that pages with passkeys load. Its functions are those that the triggers of the forms name.</summary>
internal static class PasskeyScript
{
    public const string Path = "/.well-known/ory/webauthn.js";

    private static readonly byte[] Text = Read();
    private static readonly string Integrity = "sha512-" + Convert.ToBase64String(SHA512.HashData(Text));

    public static UiScript Node(KratosConfiguration configuration) =>
        new(UiNode.WebAuthnGroup, "webauthn_script", Addresses.AppendPath(configuration.PublicAddress, Path), Integrity);

    public static async Task ServeAsync(HttpContext http)
    {
        http.Response.ContentType = "text/javascript; charset=UTF-8";
        await http.Response.Body.WriteAsync(Text, http.RequestAborted);
    }

    private static byte[] Read()
    {
        using var stream = typeof(PasskeyScript).Assembly.GetManifestResourceStream("webauthn.js")!;
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
