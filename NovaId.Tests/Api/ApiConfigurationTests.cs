using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;
using NovaId.Tests.Configuration;

namespace NovaId.Tests.Api;

public sealed partial class ApiConfigurationTests
{
    [Fact]
    public void The_API_asks_for_exactly_the_scopes_that_its_client_has()
    {
        var clients = JsonNode.Parse(Read("hydra/clients.json"))!.AsArray();
        var client = clients.Single(one => (string?)one!["client_id"] == "novaid-api")!;

        Assert.Equal(
            ((string)client["scope"]!).Split(' ').Order(StringComparer.Ordinal),
            ServiceTokenSource.Scopes.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal([ServiceTokenSource.Audience], client["audience"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public void Every_permit_that_code_names_exists_in_the_OPL()
    {
        var opl = Read("keto/namespaces.keto.ts");
        foreach (var (name, permits) in Permissions.Permits)
        {
            var body = Regex.Match(opl, $@"class {name} implements Namespace \{{(.*?)\n\}}", RegexOptions.Singleline).Groups[1].Value;
            Assert.Equal(
                permits.Order(StringComparer.Ordinal),
                Permit().Matches(body).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_capability_and_rank_that_code_names_is_seeded()
    {
        var tuples = JsonNode.Parse(Read("keto/relation-tuples.json"))!.AsArray().Select(tuple => tuple!).ToList();

        Assert.Equal(
            Capabilities.All.Order(StringComparer.Ordinal),
            tuples.Where(tuple => (string?)tuple["namespace"] == "Capability").Select(tuple => (string)tuple["object"]!).Order(StringComparer.Ordinal));
        foreach (var rank in RankNames.HighestFirst)
        {
            Assert.Equal(
                RankNames.HighestFirst.Where(higher => higher > rank).Select(higher => higher.ToString()),
                tuples.Where(tuple => (string?)tuple["namespace"] == "Rank" && (string?)tuple["object"] == rank.ToString())
                    .Select(tuple => (string)tuple["subject_set"]!["object"]!));
        }
    }

    [Fact]
    public void A_batch_is_as_large_as_Keto_takes() =>
        Assert.Contains($"max_batch_check_size: {KetoClient.MaximumBatch}", Read("keto/keto.yml"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gateway:Address", "", "Gateway__Address=")]
    [InlineData("Gateway:Address", "oathkeeper:4455", "Gateway__Address=")]
    [InlineData("Gateway:Address", "ftp://127.0.0.1", "Gateway__Address=")]
    [InlineData("Gateway:Address", "http://localhost:4455/api", "Gateway__Address=")]
    [InlineData("Gateway:Address", "http://user@127.0.0.1:4455", "Gateway__Address=")]
    [InlineData("Gateway:Issuer", "the gateway", "MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL")]
    [InlineData("Gateway:ClientId", " ", "Leave it out")]
    [InlineData("Gateway:ClientSecret", "", "Gateway__ClientSecret")]
    [InlineData("Gateway:AuthorityFile", "/no/such/folder/ca.crt", "Name a file with the authority's certificate")]
    [InlineData("Storage:Path", "", "Storage__Path=")]
    [InlineData("Storage:Path", "/no/such/folder/novaid.db", "Create it")]
    [InlineData("Storage:Path", "/", "Name a file")]
    public void What_is_missing_or_wrong_stops_the_start_and_says_what_to_do(string key, string value, string remedy)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            ApiZone.Create("http://localhost:4455", ":memory:", builder => builder.Configuration.AddInMemoryCollection([new(key, value)])));

        var message = Assert.Single(failure.Failures);
        Assert.StartsWith(key, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway:ClientKey", "no key", "Gateway:ClientKey is no private key in PEM. Make one with: openssl genpkey")]
    [InlineData("Gateway:ClientKey", "public", "Gateway:ClientKey must begin with -----BEGIN")]
    [InlineData("Gateway:ClientKey", "encrypted", "Gateway:ClientKey must begin with -----BEGIN")]
    [InlineData("Gateway:ClientKey", "SEC1", "Gateway:ClientKey must begin with -----BEGIN")]
    [InlineData("Gateway:ClientKey", "RSA", "Gateway:ClientKey is no EC private key")]
    [InlineData("Gateway:ClientKey", "P-384", "Gateway:ClientKey is a key of another curve than P-256")]
    [InlineData("Gateway:ClientKey", "cut", "Gateway:ClientKey is no EC private key")]
    [InlineData("Gateway:ClientKeyFile", "no key", "is no private key in PEM. Make one with: openssl genpkey")]
    [InlineData("Gateway:ClientKeyFile", "no file", "cannot be read by this program")]
    [InlineData("Gateway:ClientKey", "beside a secret", "Gateway:ClientKey and Gateway:ClientSecret are given")]
    public void A_key_that_is_none_stops_the_start_and_is_not_repeated(string key, string what, string said)
    {
        using var elliptic = ECDsa.Create(what == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var pem = what switch
        {
            "no key" or "no file" => "something that is no key",
            "public" => elliptic.ExportSubjectPublicKeyInfoPem(),
            "encrypted" => elliptic.ExportEncryptedPkcs8PrivateKeyPem("password", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
            "SEC1" => elliptic.ExportECPrivateKeyPem(),
            "RSA" => rsa.ExportPkcs8PrivateKeyPem(),
            "cut" => new string(PemEncoding.Write("PRIVATE KEY", elliptic.ExportPkcs8PrivateKey().AsSpan(0, 60))),
            _ => elliptic.ExportPkcs8PrivateKeyPem(),
        };
        using var file = new TemporaryFile(pem);
        var given = key != "Gateway:ClientKeyFile" ? pem : what == "no file" ? $"{file.Path}.gone" : file.Path;
        var secret = what == "beside a secret" ? "a secret" : "";

        var failure = Assert.Throws<OptionsValidationException>(() => ApiZone.Create(
            "http://localhost:4455", ":memory:", builder => builder.Configuration.AddInMemoryCollection([new(key, given), new("Gateway:ClientSecret", secret)])));

        var message = Assert.Single(failure.Failures);
        Assert.StartsWith(key, message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.All(
            pem.Split('\n').Where(line => !line.StartsWith('-') && line.Trim().Length > 0),
            line => Assert.DoesNotContain(line.Trim(), message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_issuer_can_be_another_name_than_the_address()
    {
        await using var zone = await ApiZone.StartAsync(builder =>
            builder.Configuration.AddInMemoryCollection([new("Gateway:Issuer", "https://id.example.org")]));
        var person = zone.Gateway.AddPerson();
        var claims = zone.Gateway.SessionClaims(person.ToString());
        using (var refused = await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims)))
        {
            await ApiZone.AssertStatusAsync(refused, 401);
        }

        claims["iss"] = "https://id.example.org";
        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims));
        await ApiZone.AssertStatusAsync(response, 200);
    }

    private static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "ory-config")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder!.FullName, "ory-config", path));
    }

    [GeneratedRegex(@"^\s{4}(\w+): \(ctx: Context\)", RegexOptions.Multiline)]
    private static partial Regex Permit();
}
