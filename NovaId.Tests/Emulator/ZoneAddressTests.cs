using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NovaId.Emulator;
using NovaId.Emulator.Configuration;
using NovaId.Tests.Gateway;

namespace NovaId.Tests.Emulator;

/// <summary>The one address of a zone, which is one setting and reaches all four services.</summary>
public sealed class ZoneAddressTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("id.example.org", "https://id.example.org")]
    [InlineData("ftp://id.example.org", "https://id.example.org")]
    [InlineData("https://id.example.org/accounts", "Write https://id.example.org")]
    [InlineData("https://me@id.example.org", "Write https://id.example.org")]
    [InlineData("http://127.0.0.1:4455", "localhost")]
    [InlineData("https://[::1]:4455", "localhost")]
    [InlineData("https://192.0.2.7", "Use a name")]
    [InlineData("http://id.example.org", "https")]
    public void An_address_that_no_browser_could_use_is_refused_with_the_remedy(string address, string remedy)
    {
        var problem = ZoneAddress.Read(address, out var read);

        Assert.Null(read);
        Assert.StartsWith($"'{address}'", problem, StringComparison.Ordinal);
        Assert.Contains(remedy, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://id.example.org", "https://id.example.org")]
    [InlineData("https://id.example.org:8443/", "https://id.example.org:8443")]
    [InlineData("http://zone.localhost:5000", "http://zone.localhost:5000")]
    public void An_address_that_a_browser_can_use_is_taken(string address, string origin)
    {
        Assert.Null(ZoneAddress.Read(address, out var read));
        Assert.Equal(origin, read!.Origin);
    }

    [Fact]
    public async Task A_wrong_address_stops_the_start_with_the_option()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => EmbeddedZone.StartAsync(new() { GatewayPort = 0, ApiPort = 0, DemoPort = 0, Address = "https://192.0.2.7" }, Cancellation));

        Assert.Contains("--address", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("          id: localhost", "          id: 127.0.0.1", "no browser makes a passkey for an address")]
    [InlineData("            - http://localhost:4455", "            - http://localhost:3000", "does not list http://localhost:4455")]
    public async Task A_relying_party_of_another_place_stops_the_start(string right, string wrong, string problem)
    {
        var folder = Directory.CreateTempSubdirectory("novaid-address-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(TestGateway.RealFolder, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder.FullName, Path.GetRelativePath(TestGateway.RealFolder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            var path = Path.Combine(folder.FullName, "kratos", "kratos.yml");
            var text = await File.ReadAllTextAsync(path, Cancellation);
            Assert.Contains(right, text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text.Replace(right, wrong, StringComparison.Ordinal), Cancellation);

            var output = new StringWriter();
            Assert.Equal(1, ConfigurationCheck.Run(folder.FullName, TextWriter.Null, output));
            Assert.Contains(problem, output.ToString(), StringComparison.Ordinal);
            Assert.Contains("kratos.yml:", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task One_setting_reaches_all_four_services()
    {
        const string Address = "https://id.example.test";
        await using var zone = await EmbeddedZone.StartAsync(
            new() { GatewayPort = 0, ApiPort = 0, DemoPort = 0, SeedPeople = false, Address = Address, LogLevel = Microsoft.Extensions.Logging.LogLevel.None }, Cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = zone.Gateway };
        http.DefaultRequestHeaders.Host = "id.example.test";

        var discovery = JsonNode.Parse(await http.GetStringAsync("/.well-known/openid-configuration", Cancellation))!;
        using var login = await http.GetAsync("/.ory/kratos/public/self-service/login/browser", Cancellation);
        var flow = JsonNode.Parse(await http.GetStringAsync("/.ory/kratos/public/self-service/login/api", Cancellation))!;

        Assert.Equal(Address, discovery["issuer"]!.GetValue<string>());
        Assert.StartsWith($"{Address}/oauth2/token", discovery["token_endpoint"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith($"{Address}/accounts/login?flow=", login.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.StartsWith($"{Address}/.ory/kratos/public/", flow["ui"]!["action"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(login.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(Address, zone.Address.GetLeftPart(UriPartial.Authority));

        // The API takes only what a gateway of this address signed, and asks it where it listens.
        using var registered = await http.PostAsync(
            new Uri((await Registration(http))).PathAndQuery,
            new StringContent("""{"method":"password","password":"a long enough phrase 1","traits":{"email":"ada@example.test","name":{"first":"Ada","last":"L"}}}""", null, "application/json"),
            Cancellation);
        var token = JsonNode.Parse(await registered.Content.ReadAsStringAsync(Cancellation))!["session_token"]!.GetValue<string>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Add("X-Session-Token", token);
        request.Headers.Host = "id.example.test";
        using var me = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Fact]
    public async Task The_gateway_listens_on_both_loopback_addresses()
    {
        await using var zone = await EmbeddedZone.StartAsync(
            new() { GatewayPort = 0, ApiPort = 0, DemoPort = 0, SeedPeople = false, LogLevel = Microsoft.Extensions.Logging.LogLevel.None }, Cancellation);
        Assert.Equal("localhost", zone.Gateway.Host);

        foreach (var address in Loopbacks())
        {
            using var http = new HttpClient { BaseAddress = new UriBuilder("http", address.ToString(), zone.Gateway.Port).Uri };
            using var health = await http.GetAsync("/api/health", Cancellation);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    /// <summary>The number is in the configuration before anything listens there, and what is given to an outgoing connection in between is
    /// lost.</summary>
    [Fact]
    public async Task A_free_port_is_none_that_this_machine_gives_to_outgoing_connections()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Where other systems say which ports they give is not known.");
        var bounds = (await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_local_port_range", Cancellation)).Split('\t').Select(int.Parse).ToArray();
        await using var zone = await EmbeddedZone.StartAsync(
            new() { GatewayPort = 0, ApiPort = 0, DemoPort = 0, SeedPeople = false, LogLevel = Microsoft.Extensions.Logging.LogLevel.None }, Cancellation);

        Assert.NotInRange(zone.Gateway.Port, bounds[0], bounds[1]);
        Assert.NotInRange(zone.Demo.Port, bounds[0], bounds[1]);
    }

    private static async Task<string> Registration(HttpClient http) =>
        JsonNode.Parse(await http.GetStringAsync("/.ory/kratos/public/self-service/registration/api", Cancellation))!["ui"]!["action"]!.GetValue<string>();

    /// <summary>127.0.0.1, and ::1 where this machine has it.</summary>
    private static IEnumerable<IPAddress> Loopbacks()
    {
        yield return IPAddress.Loopback;
        var hasSix = true;
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Loopback, 0);
            probe.Start();
        }
        catch (SocketException)
        {
            hasSix = false;
        }

        if (hasSix)
        {
            yield return IPAddress.IPv6Loopback;
        }
    }
}
