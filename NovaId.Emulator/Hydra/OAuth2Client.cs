using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>A registered OAuth2 client. It never changes: an update puts another in its place.</summary>
internal sealed class OAuth2Client
{
    private readonly JsonObject _metadata;

    /// <summary>Makes a client of metadata that <see cref="ClientMetadata"/> has checked.</summary>
    public OAuth2Client(string id, string secretHash, JsonObject metadata, DateTimeOffset createdAt, DateTimeOffset updatedAt)
    {
        _metadata = metadata;
        Id = id;
        SecretHash = secretHash;
        CreatedAt = createdAt;
        UpdatedAt = updatedAt;
        Scopes = Text("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Audience = List("audience");
        RedirectUris = List("redirect_uris");
        PostLogoutRedirectUris = List("post_logout_redirect_uris");
        GrantTypes = List("grant_types") is { Count: > 0 } grants ? grants : ["authorization_code"];
        ResponseTypes = List("response_types") is { Count: > 0 } types ? types : ["code"];
        Keys = metadata["jwks"] is { } jwks ? ClientKeys.ToKeys(jwks) : [];
    }

    public string Id { get; }

    public string SecretHash { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset UpdatedAt { get; }

    public IReadOnlyList<string> Scopes { get; }

    public IReadOnlyList<string> Audience { get; }

    public IReadOnlyList<string> RedirectUris { get; }

    public IReadOnlyList<string> PostLogoutRedirectUris { get; }

    public IReadOnlyList<string> GrantTypes { get; }

    public IReadOnlyList<string> ResponseTypes { get; }

    /// <summary>The public keys with which its assertions are verified.</summary>
    public IReadOnlyList<JsonWebKey> Keys { get; }

    public string Name => Text("client_name");

    public string Owner => Text("owner");

    public string AuthenticationMethod => Text("token_endpoint_auth_method");

    /// <summary>The algorithm that its assertions are signed with, and no other.</summary>
    public string AssertionAlgorithm => Text("token_endpoint_auth_signing_alg") is { Length: > 0 } algorithm ? algorithm : "RS256";

    public bool IsPublic => AuthenticationMethod == "none";

    public TimeSpan Lifespan(string member, TimeSpan fallback) =>
        _metadata[member]?.GetValue<string>() is { } text && GoDuration.TryParse(text, out var lifespan) ? lifespan : fallback;

    /// <summary>The metadata, for another client to be made of it.</summary>
    public JsonObject CopyMetadata() => (JsonObject)_metadata.DeepClone();

    /// <summary>
    /// The client as Hydra shows it. What was not said on registration is null in the answer to it, and an empty list ever after.
    /// </summary>
    public JsonObject ToJson(bool asRegistered = false)
    {
        var result = new JsonObject();
        foreach (var member in ClientMetadata.Members)
        {
            var value = member.Name == "client_id" ? JsonValue.Create(Id) : _metadata[member.Name]?.DeepClone();
            if (!(member.OmitEmpty && ClientMetadata.IsEmpty(value)))
            {
                result[member.Name] = value is null && member.Kind == ClientMemberKind.List && !asRegistered ? new JsonArray() : value;
            }
        }

        result["client_secret_expires_at"] = 0;
        result["jwks"] = _metadata["jwks"]?.DeepClone() ?? new JsonObject();
        result["created_at"] = Timestamp(CreatedAt);
        result["updated_at"] = Timestamp(UpdatedAt);
        return result;
    }

    private string Text(string member) => _metadata[member]?.GetValue<string>() ?? "";

    private IReadOnlyList<string> List(string member) =>
        _metadata[member] is JsonArray array ? [.. array.Select(item => item!.GetValue<string>())] : [];

    private static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
