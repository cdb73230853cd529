using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Telemetry;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract;
using NovaId.Contract.Api;
using NovaId.Contract.Codes;
using NovaId.Contract.Drivers;
using NovaId.Contract.Factors;
using NovaId.Contract.OAuth2;
using NovaId.Contract.Permissions;
using NovaId.Contract.Sessions;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>
/// What can be read on the networks of a running zone while it does its work: exactly the hops of the table in <c>docs/containers.md</c>, and
/// on none of them what opens anything or what people write.
/// </summary>
public abstract partial class CaptureTests(CapturedZone zone)
{
    private const string Control = "capture-control";
    private const int AtATime = 4;

    /// <summary>A few of what should not be there say as much as all.</summary>
    private const int Enough = 20;

    /// <summary>What stands in every request, answer and statement that can be read.</summary>
    private static readonly string[] Readable = ["HTTP/1.", "SELECT ", "INSERT INTO", "UPDATE \"", "client_encoding", "MAIL FROM:", "service.name"];

    /// <summary>The hops of which the table says that they can be read, and on which there is nothing that opens anything.</summary>
    private protected abstract IReadOnlyList<string> InTheClear { get; }

    /// <summary>The hops of which it says that all that callers say can be read there, because the gateway speaks no TLS.</summary>
    private protected abstract IReadOnlyList<string> WithoutAnySecrecy { get; }

    /// <summary>The hops of which it says that they cannot.</summary>
    private protected abstract IReadOnlyList<string> OverTls { get; }

    /// <summary>Those that are over TLS in every zone.</summary>
    private protected static IReadOnlyList<string> Inside { get; } =
    [
        "oathkeeper → kratos:4433", "oathkeeper → kratos:4434", "oathkeeper → hydra:4444", "oathkeeper → hydra:4445", "kratos → hydra:4445", "hydra → kratos:4434",
        "hydra-clients → hydra:4445",
        .. from service in (string[])["kratos", "keto", "hydra", "kratos-migrate", "keto-migrate", "hydra-migrate"] select $"{service} → postgres:5432",
        "kratos → mail:1025", "oathkeeper → mail:8025", "oathkeeper → this machine:4318",
    ];

    [Fact]
    public async Task Nothing_that_passes_the_networks_can_be_read_but_what_is_documented()
    {
        await zone.EnsureReadyAsync();
        var said = new Conversation();
        ZoneTools.For(zone).Client.Observer = said.Observe;
        var cases = await WorkAsync();
        await KeepSecretsOfTheZoneAsync(said);
        var marks = await SayInTheClearAsync();

        var connections = zone.Capture.End();

        Report(connections, said, cases);
        Assert.SkipWhen(zone.Capture.Lost > 0, $"Could not tell: {zone.Capture.Lost} frames came faster than they were read.");
        var hops = connections.Where(connection => !connection.IsSilent).ToLookup(zone.Capture.HopOf);
        Assert.All(hops.SelectMany(hop => hop), connection => Assert.True(connection.IsWhole, $"{zone.Capture.HopOf(connection)} was not seen whole."));

        // It finds what is there to be found, on every network.
        foreach (var (network, mark) in marks)
        {
            Assert.NotEmpty(Found(hops[$"{Control}-{network} → oathkeeper:4455"].Where(connection => connection.Network == network), [mark]));
        }

        Assert.Equal(WithoutAnySecrecy.Count > 0, Found(WithoutAnySecrecy.SelectMany(hop => hops[hop]), said.Secrets).Count > 0);

        var handshakes = hops.Where(hop => hop.Any(connection => connection.HasHandshake)).Select(hop => hop.Key).ToHashSet();
        Assert.Equal([], OverTls.Except(handshakes));

        var readable = hops.Where(hop => !hop.Key.StartsWith(Control, StringComparison.Ordinal) && hop.Any(connection => !connection.IsOpaque && !connection.IsCancellation)).Select(hop => hop.Key);
        Assert.Equal(InTheClear.Concat(WithoutAnySecrecy).Order(StringComparer.Ordinal), readable.Order(StringComparer.Ordinal));

        // Whom one calls, a handshake says to everybody.
        var names = zone.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Select(resource => resource.Name).Append(zone.Gateway.Host).Append(TelemetryBuilderExtensions.HostName);
        var secret = connections.Where(connection => !WithoutAnySecrecy.Contains(zone.Capture.HopOf(connection))).ToArray();
        Assert.Multiple(
            () => Nothing(Found(connections.Where(connection => connection.IsOpaque), [.. said.Words.Except(names), .. Readable])),
            () => Nothing(Found(secret, said.Secrets)),
            () => Nothing([.. secret.SelectMany(ProofsIn)]));
    }

    private static void Nothing(HashSet<string> found) => Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

    private IEnumerable<string> ProofsIn(CapturedConnection connection) =>
        connection.Texts.SelectMany(text => Proof().Matches(text)).Select(found => $"{zone.Capture.HopOf(connection)}: {found.Value[..12]}…");

    /// <summary>What of these can be read, and where; of each word only its beginning is said.</summary>
    private HashSet<string> Found(IEnumerable<CapturedConnection> connections, IReadOnlyCollection<string> words)
    {
        var found = new HashSet<string>();
        var sought = SearchValues.Create([.. words], StringComparison.Ordinal);
        foreach (var connection in connections)
        {
            foreach (var text in connection.Texts)
            {
                for (var at = 0; text.AsSpan(at).IndexOfAny(sought) is >= 0 and var offset && found.Count < Enough; at++)
                {
                    at += offset;
                    var word = words.First(word => text.AsSpan(at).StartsWith(word, StringComparison.Ordinal));
                    found.Add($"{zone.Capture.HopOf(connection)}: {word[..7]}… ({word.Length})");
                }
            }
        }

        return found;
    }

    /// <summary>Has the zone do what people and programs want of it, by cases of the contract.</summary>
    /// <returns>How many there were.</returns>
    private async Task<int> WorkAsync()
    {
        ZoneContract[] contracts =
        [
            new Registrations(zone), new Logins(zone), new BrowserLogins(zone), new SecondFactors(zone), new Recoveries(zone), new Programs(zone),
            new Apps(zone), new Logouts(zone), new People(zone), new Documents(zone), new Sharing(zone), new Keys(zone), new Officers(zone), new AccessLogs(zone),
        ];
        var cases = 0;
        await Parallel.ForEachAsync(contracts, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (contract, _) =>
        {
            foreach (var method in contract.GetType().GetMethods().Where(method => method.GetCustomAttributes<FactAttribute>().Any(fact => fact is not TheoryAttribute && fact.Skip is null)))
            {
                await contract.InitializeAsync();
                try
                {
                    await (Task)method.Invoke(contract, [])!;
                    Interlocked.Increment(ref cases);
                }
                catch (Exception exception) when (exception.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal))
                {
                    // A case that this zone cannot have.
                }
            }
        });
        await new Visits(zone).PayAsync();
        if (zone.Demo is { } demo)
        {
            using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            (await browser.GetAsync(new Uri(demo, "/login"), TestContext.Current.CancellationToken)).Dispose();
        }

        return cases;
    }

    private async Task KeepSecretsOfTheZoneAsync(Conversation said)
    {
        var model = zone.Application.Services.GetRequiredService<DistributedApplicationModel>();
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            said.Keep(await parameter.GetValueAsync(TestContext.Current.CancellationToken));
        }

        foreach (var files in model.Resources.SelectMany(resource => resource.Annotations.OfType<CertificateFilesAnnotation>()))
        {
            said.Keep(files.Current?.KeyPem);
        }
    }

    /// <summary>Says something on every network that anybody can read there.</summary>
    /// <returns>What, by network.</returns>
    private async Task<IReadOnlyDictionary<string, string>> SayInTheClearAsync()
    {
        var model = zone.Application.Services.GetRequiredService<DistributedApplicationModel>();
        var marks = model.Resources.OfType<ContainerNetworkResource>().ToDictionary(network => network, _ => RandomNumberGenerator.GetHexString(32));
        await Task.WhenAll(marks.Select(mark => Docker.RunAsync(
            "run", "--rm", "--init", "--network", mark.Key.EngineName, "--name", $"{Control}-{mark.Key.Name}-{zone.Instance}", "--entrypoint", "sh", ProofImageTags.Name,
            "-c", $"wget -q -T 5 -O /dev/null http://oathkeeper:4455/{mark.Value}; sleep 2")));
        return marks.ToDictionary(mark => mark.Key.Name, mark => mark.Value);
    }

    private void Report(IReadOnlyList<CapturedConnection> connections, Conversation said, int cases)
    {
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{cases} cases; {said.Words.Count} words, {said.Secrets.Count} of them secret; {string.Join(", ", zone.Capture.Frames.Select(network => $"{network.Frames} frames on {network.Network}"))}; {zone.Capture.Lost} lost");
        foreach (var hop in connections.GroupBy(zone.Capture.HopOf).OrderBy(hop => hop.Key, StringComparer.Ordinal))
        {
            output.WriteLine(
                $"{hop.Key}: {hop.Count()} connections, {hop.Sum(connection => connection.FromClient.Length + connection.FromServer.Length)} bytes; "
                + $"{hop.Count(connection => connection.IsSilent)} silent, {hop.Count(connection => connection is { IsSilent: false, IsOpaque: true })} opaque, {hop.Count(connection => connection.HasHandshake)} with a handshake, "
                + $"{hop.Count(connection => connection is { IsSilent: false, IsOpaque: false, IsCancellation: false })} readable, {hop.Count(connection => connection.IsCancellation)} that give a statement up, {hop.Count(connection => !connection.IsWhole)} not whole");
        }
    }

    /// <summary>What proves who somebody is, whoever got it: the tokens of Kratos and Hydra, a signed token (RFC 7515), a header that carries one.</summary>
    [GeneratedRegex(@"\bory_(st|at|rt|ac)_[\w.-]{12,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\r\n(?i:Authorization|Cookie|X-Session-Token|X-Orig-Authorization): *[^\s]{12,}")]
    private static partial Regex Proof();

    /// <summary>The pages for people and those for officers, a document with words that stand nowhere else, and a login for an app as far as the question whether it is let in.</summary>
    private sealed class Visits(IZone zone) : ZoneContract(zone)
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

        public async Task PayAsync()
        {
            var browser = NewBrowser();
            await KratosFlows.LoginAsync(browser, await SharedPersonAsync("General"));
            foreach (var page in (string[])["/accounts/", "/admin/people"])
            {
                // On a slow machine the first answer of a program that has just started may come too late.
                await Waiting.UntilAsync(async () => (await browser.GetAsync(page)).Status == 200, Patience);
            }

            var person = await SharedPersonAsync();
            var document = new { title = RandomNumberGenerator.GetHexString(24), content = RandomNumberGenerator.GetHexString(48) };
            (await person.Caller.PostAsync("/api/documents", document)).Expect(201);
            var app = NewFlow(await Operator.CreateClientAsync());
            var challenge = Browser.Query(await app.BeginAsync(), "login_challenge");
            var login = await KratosFlows.BeginAsync("login", app.Browser, $"?login_challenge={Uri.EscapeDataString(challenge)}");
            var done = (await KratosFlows.SubmitLoginAsync(app.Browser, login, person.Email, person.Password)).Expect(303);
            (await app.Browser.GetAsync((await app.Browser.FollowAsync(done)).PathAndQuery)).Expect(200);
        }
    }

    private sealed class Registrations(IZone zone) : RegistrationContract(zone);

    private sealed class Logins(IZone zone) : LoginContract(zone);

    private sealed class BrowserLogins(IZone zone) : BrowserLoginContract(zone);

    private sealed class SecondFactors(IZone zone) : LookupSecretContract(zone);

    private sealed class Recoveries(IZone zone) : RecoveryContract(zone);

    private sealed class Programs(IZone zone) : ClientAssertionContract(zone);

    private sealed class Apps(IZone zone) : OpenIdConnectContract(zone);

    private sealed class Logouts(IZone zone) : LogoutContract(zone);

    private sealed class People(IZone zone) : MeContract(zone);

    private sealed class Documents(IZone zone) : DocumentContract(zone);

    private sealed class Sharing(IZone zone) : DocumentPermissionContract(zone);

    private sealed class Keys(IZone zone) : KeyContract(zone);

    private sealed class Officers(IZone zone) : RankChangeContract(zone);

    private sealed class AccessLogs(IZone zone) : AccessLogContract(zone);
}
