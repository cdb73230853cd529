using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace NovaId.Api.Gateway;

/// <summary>What a client proves itself with at Hydra's token endpoint: its private key, or the secret that it shares with Hydra.</summary>
internal sealed class ClientCredential : IDisposable
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly ClientKey? _key;
    private readonly string? _secret;

    public ClientCredential(ClientKey key) => _key = key;

    public ClientCredential(string secret) => _secret = secret;

    /// <summary>What may be wrong where Hydra does not take it.</summary>
    public string WhatToCheck => _key is null
        ? "Gateway:ClientSecret"
        : "the key: the client must be registered with private_key_jwt and its public half, the zone's address must be the one that Hydra says, and the clocks must agree";

    /// <summary>Puts a form into a request for a token, and the proof with it. Each request needs a proof of its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="form">What is asked for.</param>
    /// <param name="clientId">The client.</param>
    /// <param name="zone">The zone's address, without a slash at its end.</param>
    /// <param name="now">The time.</param>
    public void Prove(HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>> form, string clientId, string zone, DateTimeOffset now)
    {
        if (_key is null)
        {
            // Both are form-encoded before they are joined: RFC 6749, section 2.3.1.
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(clientId)}:{WebUtility.UrlEncode(_secret)}")));
            request.Content = new FormUrlEncodedContent(form);
            return;
        }

        request.Content = new FormUrlEncodedContent(
        [
            .. form,
            new("client_assertion_type", JwtBearer),
            new("client_assertion", _key.CreateAssertion(clientId, $"{zone}/oauth2/token", now)),
        ]);
    }

    /// <summary>A key that every instance with this credential has and nobody else; of its own use, so that neither says anything of the other.</summary>
    public byte[] DeriveKey(string use) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        _key?.ExportPrivateNumber() ?? Encoding.UTF8.GetBytes(_secret!),
        outputLength: 32,
        info: Encoding.UTF8.GetBytes(use));

    public void Dispose() => _key?.Dispose();
}
