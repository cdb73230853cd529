using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Emulator;

public sealed class EmulatorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-command-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("it's a \"quoted\" $ecret & more")]
    public async Task The_three_printed_commands_work_when_pasted(string? password)
    {
        Assert.SkipUnless(Has("bash") && Has("curl"), "bash or curl is not on the PATH");
        await using var emulator = EmulatorProcess.Start(["--port", "0", "--api-port", "0", "--demo-port", "0", .. password is null ? [] : (string[])["--password", password]]);
        await emulator.ReadyAsync(Cancellation);

        var lines = emulator.Output.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith("TOKEN=", StringComparison.Ordinal));
        var answers = await BashAsync(string.Join("\necho\n", lines[first..(first + 3)]));

        var me = JsonNode.Parse(answers[1])!;
        Assert.Equal("captain@novaid.local", me["email"]!.GetValue<string>());
        Assert.Equal("Captain", me["rank"]!.GetValue<string>());
        Assert.Equal(403, JsonNode.Parse(answers[2])!["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("Assurance__MaximumAge", "10.00:00:00", "Assurance:MaximumAge must be")]
    [InlineData("Limits__CallerBurst", "-1", "Limits:CallerBurst")]
    [InlineData("Limits__CallerBurst", "many", "Limits:CallerBurst")]
    public async Task A_setting_of_the_API_that_is_wrong_is_named_without_a_stack(string setting, string value, string said)
    {
        await using var emulator = EmulatorProcess.Start(["--port", "0", "--api-port", "0"], (setting, value));

        await emulator.ExitAsync(Cancellation);

        Assert.Equal(1, emulator.ExitCode);
        Assert.StartsWith("NovaId did not start. ", emulator.Errors, StringComparison.Ordinal);
        Assert.Contains(said, emulator.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", emulator.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_everyone_it_seeded_with_a_password_that_works()
    {
        await using var emulator = EmulatorProcess.Start(["--port", "0", "--api-port", "0", "--demo-port", "0"]);
        await emulator.ReadyAsync(Cancellation);

        var rows = emulator.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains("@novaid.local", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var gateway = new Uri(emulator.Output.Split('\n').First(line => line.TrimStart().StartsWith("gateway", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

        Assert.Equal(["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"], rows.Select(row => row[0]));
        Assert.Equal(8, rows.Select(row => row[2]).Distinct().Count());
        using var http = new HttpClient { BaseAddress = gateway };
        foreach (var row in rows)
        {
            var flow = JsonNode.Parse(await http.GetStringAsync("/.ory/kratos/public/self-service/login/api", Cancellation))!;
            using var login = await http.PostAsync(
                flow["ui"]!["action"]!.GetValue<string>(),
                new StringContent(new JsonObject { ["method"] = "password", ["identifier"] = row[1], ["password"] = row[2] }.ToJsonString(), null, "application/json"),
                Cancellation);
            Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        }
    }

    [Fact]
    public async Task A_mail_is_announced_in_a_line_with_the_code_that_opens_the_account()
    {
        await using var emulator = EmulatorProcess.Start(["--port", "0", "--api-port", "0", "--demo-port", "0"]);
        await emulator.ReadyAsync(Cancellation);
        var gateway = new Uri(emulator.Output.Split('\n').First(line => line.TrimStart().StartsWith("gateway", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        var flow = JsonNode.Parse(await http.GetStringAsync("/.ory/kratos/public/self-service/recovery/api", Cancellation))!;
        var action = flow["ui"]!["action"]!.GetValue<string>();

        using var asked = await http.PostAsync(action, Json(new JsonObject { ["method"] = "code", ["email"] = "captain@novaid.local" }), Cancellation);
        var limit = Stopwatch.StartNew();
        string? line;
        while ((line = emulator.Output.Split('\n').FirstOrDefault(text => text.StartsWith("Mail to ", StringComparison.Ordinal))) is null)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(1), "No mail was announced within a minute.");
            await Task.Delay(20, Cancellation);
        }

        var code = new string([.. line.Where(char.IsAsciiDigit)]);
        Assert.Equal($"Mail to captain@novaid.local: Use code {code} to recover access to your account", line);
        using var used = await http.PostAsync(action, Json(new JsonObject { ["method"] = "code", ["code"] = code }), Cancellation);
        Assert.Equal("passed_challenge", JsonNode.Parse(await used.Content.ReadAsStringAsync(Cancellation))!["state"]!.GetValue<string>());

        static StringContent Json(JsonObject body) => new(body.ToJsonString(), null, "application/json");
    }

    [Fact]
    public async Task Ctrl_C_ends_it_in_order_and_leaves_no_secret_behind()
    {
        Assert.SkipWhen(IgnoresInterrupt(), "these tests were started with Ctrl+C ignored, as a shell does in the background, and whatever they start ignores it too");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the signal is a POSIX one");
        await using var emulator = EmulatorProcess.Start(["--port", "0", "--api-port", "0", "--demo-port", "0"], ("TMPDIR", _folder));
        await emulator.ReadyAsync(Cancellation);

        using (var kill = Process.Start("kill", ["-INT", emulator.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Cancellation);
        }

        await emulator.ExitAsync(Cancellation);
        Assert.Equal(0, emulator.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.jwks.json", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--api-port")]
    [InlineData("--demo-port")]
    public async Task A_port_in_use_stops_the_start_with_the_port_and_the_remedy(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] arguments = [.. ((string[])["--port", "--api-port", "--demo-port"]).SelectMany(name => (string[])[name, name == option ? port : "0"])];

        var errors = await FailAsync(arguments);

        Assert.Contains(port, errors, StringComparison.Ordinal);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOTNET_ENVIRONMENT")]
    [InlineData("ASPNETCORE_ENVIRONMENT")]
    public async Task The_Production_environment_is_refused(string name)
    {
        var errors = await FailAsync(["--port", "0", "--api-port", "0", "--demo-port", "0"], (name, "Production"));

        Assert.Contains(name, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oathkeeper/access-rules.yml", "    strip_path: /gw", "    strip_pth: /gw", "strip_pth")]
    [InlineData("oathkeeper/access-rules.yml", "    - handler: bearer_token", "    - handler: bearer_tokn", "bearer_tokn")]
    [InlineData("oathkeeper/oathkeeper.yml", "  fallback: [json]", "  fallbak: [json]", "fallbak")]
    [InlineData("kratos/kratos.yml", "  lifespan: 12h", "  lifspan: 12h", "lifspan")]
    [InlineData("kratos/kratos.yml", "  lifespan: 12h", "  lifespan: 12 hours", "12 hours")]
    [InlineData("hydra/hydra.yml", "  access_token: opaque", "  access_token: jwt", "jwt")]
    [InlineData("keto/keto.yml", "  max_read_depth: 16", "  max_read_deph: 16", "max_read_deph")]
    [InlineData("keto/namespaces.keto.ts", "this.related.granted.includes", "this.related.granded.includes", "granded")]
    public async Task A_typo_in_the_configuration_stops_the_start_with_the_file_and_the_line(string file, string right, string wrong, string named)
    {
        Copy(OryConfigFolder.Find(null), _folder);
        var path = Path.Combine(_folder, file);
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var line = text[..text.IndexOf(right, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        var at = text.IndexOf(right, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length)), Cancellation);

        var errors = await FailAsync(["--port", "0", "--api-port", "0", "--demo-port", "0", "--config", _folder]);

        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetFileName(file)}:{line}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var emulator = EmulatorProcess.Start(arguments, environment);
        await emulator.ExitAsync(Cancellation);
        Assert.Equal(1, emulator.ExitCode);
        return emulator.Errors;
    }

    private static async Task<string[]> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync(Cancellation);
        await bash.WaitForExitAsync(Cancellation);
        return output.Split('\n');
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Whether this process was started with SIGINT ignored; what it starts inherits that.</summary>
    internal static bool IgnoresInterrupt()
    {
        const string Mask = "SigIgn:";
        const long Interrupt = 1L << 1;
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Mask, StringComparison.Ordinal)) is { } line
            && (Convert.ToInt64(line[Mask.Length..].Trim(), 16) & Interrupt) != 0;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
