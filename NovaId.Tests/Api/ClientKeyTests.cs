using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NovaId.Tests.Configuration;

namespace NovaId.Tests.Api;

/// <summary>How the API proves itself with its key.</summary>
public sealed class ClientKeyTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("lines")]
    [InlineData("one line")]
    [InlineData("file")]
    public async Task The_API_proves_itself_with_its_key_and_sends_no_secret(string source)
    {
        var pem = _key.ExportPkcs8PrivateKeyPem();
        using var file = new TemporaryFile(pem + "\n");
        await using var zone = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(source switch
        {
            "file" => [new("Gateway:ClientKeyFile", file.Path), new("Gateway:ClientSecret", "")],
            "one line" => [new("Gateway:ClientKey", pem.ReplaceLineEndings(" ")), new("Gateway:ClientSecret", "")],
            _ => Settings(_key),
        }));
        zone.Gateway.IsProved = call => call.Authorization is null && IsGood(call, zone.Gateway.Issuer);
        var person = zone.Gateway.AddPerson("General");

        using var response = await zone.GetAsync("/api/users", person);

        await ApiZone.AssertStatusAsync(response, 200);
        Assert.Single(zone.Gateway.TokenRequests);
    }

    [Fact]
    public async Task Each_request_for_a_token_has_an_assertion_of_its_own()
    {
        await using var zone = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(Settings(_key)));
        zone.Gateway.IsProved = call => IsGood(call, zone.Gateway.Issuer);
        var person = zone.Gateway.AddPerson("General");
        for (var i = 0; i < 3; i++)
        {
            zone.Gateway.RevokeServiceTokens();
            using var response = await zone.GetAsync("/api/me", person);
            await ApiZone.AssertStatusAsync(response, 200);
        }

        Assert.Equal(3, zone.Gateway.TokenRequests.Select(call => new JsonWebToken(Form(call)["client_assertion"]).Id).Distinct().Count());
    }

    [Fact]
    public async Task The_assertion_names_the_zone_as_everybody_knows_it()
    {
        await using var zone = await ApiZone.StartAsync(builder =>
            builder.Configuration.AddInMemoryCollection([.. Settings(_key), new("Gateway:Issuer", "https://id.example.org/")]));
        zone.Gateway.IsProved = call => IsGood(call, "https://id.example.org");
        var claims = zone.Gateway.SessionClaims(zone.Gateway.AddPerson().ToString());
        claims["iss"] = "https://id.example.org/";

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims));

        await ApiZone.AssertStatusAsync(response, 200);
    }

    [Fact]
    public async Task A_key_that_Hydra_does_not_know_lets_nobody_in_and_is_told_to_no_caller()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var zone = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(Settings(other)));
        zone.Gateway.IsProved = call => IsGood(call, zone.Gateway.Issuer);

        using var response = await zone.GetAsync("/api/me", zone.Gateway.AddPerson("General"));

        var problem = await ApiZone.AssertStatusAsync(response, 503);
        Assert.DoesNotContain("key", problem!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Instances_with_one_key_take_each_other_s_page_tokens_and_no_other_does()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var one = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(Settings(_key)));
        one.Gateway.IsProved = _ => true;
        await using var two = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(Settings(_key)), shared: one.Gateway);
        await using var stranger = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection(Settings(other)), shared: one.Gateway);
        var person = one.Gateway.AddPerson("General");
        _ = (one.Gateway.AddPerson(), one.Gateway.AddPerson());
        using var first = await one.GetAsync("/api/users?pageSize=1", person);
        var token = (string?)(await ApiZone.ReadAsync(first, 200))["nextPageToken"];
        Assert.NotNull(token);

        using var second = await two.GetAsync($"/api/users?pageSize=1&pageToken={token}", person);
        using var refused = await stranger.GetAsync($"/api/users?pageSize=1&pageToken={token}", person);

        await ApiZone.AssertStatusAsync(second, 200);
        await ApiZone.AssertStatusAsync(refused, 400);
    }

    private static KeyValuePair<string, string?>[] Settings(ECDsa key) =>
        [new("Gateway:ClientKey", key.ExportPkcs8PrivateKeyPem()), new("Gateway:ClientSecret", "")];

    /// <summary>As Hydra judges it.</summary>
    private bool IsGood(GatewayCall call, string zone)
    {
        var form = Form(call);
        if (form.GetValueOrDefault("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || form.ContainsKey("client_secret"))
        {
            return false;
        }

        var key = new ECDsaSecurityKey(_key);
        var assertion = new JsonWebToken(form["client_assertion"]);
        var result = new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = "novaid-api",
            ValidAudience = $"{zone}/oauth2/token",
            ClockSkew = TimeSpan.Zero,
        }).GetAwaiter().GetResult();
        return result.IsValid
            && assertion.Subject == "novaid-api"
            && assertion.Id.Length >= 16
            && assertion.Kid == Base64UrlEncoder.Encode(key.ComputeJwkThumbprint())
            && assertion.ValidTo <= DateTime.UtcNow.AddMinutes(2)
            && !assertion.TryGetPayloadValue<long>("iat", out _)
            && !assertion.TryGetPayloadValue<long>("nbf", out _);
    }

    private static Dictionary<string, string> Form(GatewayCall call) =>
        QueryHelpers.ParseQuery(call.Body).ToDictionary(field => field.Key, field => field.Value.ToString());
}
