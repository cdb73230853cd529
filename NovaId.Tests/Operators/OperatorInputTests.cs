using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NovaId.Tests.Emulator;

namespace NovaId.Tests.Operators;

/// <summary>What the operator's program says where there is no zone, or where it was given something wrong.</summary>
public sealed class OperatorInputTests : IDisposable
{
    // Nobody listens on the discard port of the loopback address.
    private const string Nowhere = "http://127.0.0.1:9";
    private const string Secret = "a-secret-of-a-test";

    private static readonly (string, string) Known = ("NOVAID_OPERATOR_SECRET", Secret);

    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-operator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "Required command")]
    [InlineData("promote ada", "promote")]
    [InlineData("rank ada@example.org", "Required argument")]
    [InlineData("rank ada@example.org Admiral", "There is no rank 'Admiral'. Choose from General, Colonel, Major, Captain, Lieutenant, Sergeant, Corporal, Private, none.")]
    [InlineData("seed --output yaml", "yaml")]
    [InlineData("seed --timeout soon", "--timeout is 'soon'. Write a time such as 90s or 10m")]
    [InlineData("seed --timeout 0s", "--timeout is '0s'")]
    [InlineData("seed --general nobody", "'nobody' is no e-mail address")]
    [InlineData("seed --gateway localhost:4455", "--gateway must be an address")]
    [InlineData("seed --gateway http://user:" + "pass@localhost", "--gateway must be an address")]
    [InlineData("seed --gateway http://localhost/svc", "--gateway must be an address")]
    [InlineData("seed --configuration no-such-folder", "no-such-folder/keto/relation-tuples.json cannot be read. Name the ory-config folder.")]
    [InlineData("key add ada@example.org", "--name")]
    [InlineData("key add ada@example.org --name x --scope everything", "There is no scope 'everything'. Choose from novaid.read, novaid.write.")]
    [InlineData("key add ada@example.org --name x --capability fly", "There is no capability 'fly'.")]
    [InlineData("rotate novaid-api --finish --undo", "--finish takes the old key away and --undo the new one. Say one of them.")]
    [InlineData("key revoke novaid-api", "'novaid-api' is not the id of an API key")]
    public async Task Bad_input_is_named_before_anything_is_asked(string line, string said)
    {
        string[] gateway = line.Contains("--gateway", StringComparison.Ordinal) ? [] : ["--gateway", Nowhere];
        var run = await OperatorRun.RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. line.Length == 0 ? [] : gateway], Known);

        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--secret", "typed-in-clear")]
    [InlineData("--client-secret=typed-in-clear")]
    public async Task A_secret_on_the_command_line_is_refused_and_not_repeated(params string[] arguments)
    {
        var run = await OperatorRun.RunAsync(["seed", "--gateway", Nowhere, .. arguments]);

        Assert.Equal(2, run.Code);
        Assert.Contains("A secret on the command line stands in the shell's history", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--secret-file", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("typed-in-clear", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_it_says_where_to_put_one()
    {
        var run = await OperatorRun.RunAsync(["seed", "--gateway", Nowhere]);

        Assert.Equal(2, run.Code);
        Assert.Contains("Put it into NOVAID_OPERATOR_KEY, or name a file that holds it with --key-file", run.Errors, StringComparison.Ordinal);
        Assert.Contains("A client with a secret has NOVAID_OPERATOR_SECRET or --secret-file.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no secret")]
    [InlineData(" \n", "holds no secret")]
    [InlineData(null, "cannot be read")]
    [InlineData("long", "is too long for a secret")]
    public async Task A_file_that_holds_no_secret_is_named(string? content, string said)
    {
        var file = Path.Combine(_folder, "secret");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content == "long" ? new string('s', 10_000) : content, TestContext.Current.CancellationToken);
        }

        var run = await OperatorRun.RunAsync(["seed", "--gateway", Nowhere, "--secret-file", file]);

        Assert.Equal(2, run.Code);
        Assert.Contains($"{file} ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ssss", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOVAID_OPERATOR_KEY", "The private key of the operator's client is no private key in PEM. Make one with: openssl genpkey")]
    [InlineData("NOVAID_OPERATOR_KEY_FILE", "The private key of the operator's client is no private key in PEM. Make one with: openssl genpkey")]
    [InlineData("beside a secret", "A secret and a key are given, but the operator's client proves itself in one way.")]
    [InlineData("public-key", "The private key of the operator's client is no private key in PEM.")]
    public async Task A_key_that_is_none_is_said_and_not_repeated(string how, string said)
    {
        var file = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(file, Secret, TestContext.Current.CancellationToken);

        var run = how switch
        {
            "public-key" => await OperatorRun.RunAsync(["public-key", "--key-file", file]),
            "beside a secret" => await OperatorRun.RunAsync(["seed", "--gateway", Nowhere, "--key-file", file], Known),
            "NOVAID_OPERATOR_KEY" => await OperatorRun.RunAsync(["seed", "--gateway", Nowhere], (how, Secret)),
            _ => await OperatorRun.RunAsync(["seed", "--gateway", Nowhere], (how, file)),
        };

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("variable")]
    [InlineData("input")]
    public async Task A_secret_comes_from_a_file_or_the_standard_input_without_its_line_break(string source)
    {
        Assert.SkipWhen(source == "input" && OperatingSystem.IsWindows(), "the shell is a POSIX one");
        var seen = "";
        await using var gateway = await StartAsync(http =>
        {
            seen = http.Request.Headers.Authorization.ToString();
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        var file = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(file, $"{Secret}\n", TestContext.Current.CancellationToken);
        string[] command = ["sessions", "ada@example.org", "--gateway", gateway.Urls.Single()];

        var run = source switch
        {
            "file" => await OperatorRun.RunAsync([.. command, "--secret-file", file]),
            "variable" => await OperatorRun.RunAsync(command, ("NOVAID_OPERATOR_SECRET_FILE", file)),
            _ => await OperatorRun.RunAsync($"{Secret}\n", [.. command, "--secret-file", "-"]),
        };

        Assert.Equal(4, run.Code);
        Assert.Equal($"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"novaid-operator:{Secret}"))}", seen);
    }

    [Theory]
    [InlineData("broken { json", "is no JSON in line 1")]
    [InlineData("{}", "is no list of what belongs there")]
    [InlineData("[]", "holds no tuple of the namespace Rank")]
    [InlineData("[{\"namespace\":\"Rank\"}]", "is no list of what belongs there")]
    public async Task A_broken_configuration_is_named_with_its_file(string content, string said)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keto"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "keto", "relation-tuples.json"), content, TestContext.Current.CancellationToken);

        var run = await OperatorRun.RunAsync(["seed", "--gateway", Nowhere], Known, ("NOVAID_CONFIGURATION", _folder));

        Assert.Equal(2, run.Code);
        Assert.Contains("keto/relation-tuples.json", run.Errors, StringComparison.Ordinal);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions", "ada@example.org")]
    [InlineData("seed", "--wait", "--timeout", "2s")]
    public async Task A_zone_that_does_not_answer_is_said_with_its_address(params string[] arguments)
    {
        var run = await OperatorRun.RunAsync([.. arguments, "--gateway", Nowhere], Known);

        Assert.Equal((3, ""), (run.Code, run.Output));
        Assert.Contains($"the gateway does not answer at {Nowhere}", run.Errors, StringComparison.Ordinal);
        Assert.Equal(arguments.Contains("--wait"), run.Errors.Contains("The zone was not ready in time.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_hangs_is_left_after_the_time_limit()
    {
        await using var gateway = await StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));

        var run = await OperatorRun.RunAsync(["sessions", "ada@example.org", "--gateway", gateway.Urls.Single(), "--timeout", "1s"], Known);

        Assert.Equal(3, run.Code);
        Assert.Contains("It was not done within 1 s", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(302, "")]
    [InlineData(404, "not here")]
    public async Task What_is_no_gateway_is_told_from_one(int status, string body)
    {
        await using var gateway = await StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "http://127.0.0.1:9/elsewhere";
            return http.Response.WriteAsync(body);
        });

        var run = await OperatorRun.RunAsync(["sessions", "ada@example.org", "--gateway", gateway.Urls.Single()], Known);

        Assert.Equal(1, run.Code);
        Assert.Contains("no gateway of a NovaId zone", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_it_and_is_told_from_a_failure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the signal is a POSIX one");
        Assert.SkipWhen(EmulatorCommandTests.IgnoresInterrupt(), "these tests were started with Ctrl+C ignored, and whatever they start ignores it too");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(http =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var process = Process.Start(OperatorRun.Prepare(["sessions", "ada@example.org", "--gateway", gateway.Urls.Single()], Known))!;
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Stopped.", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("seed", "--help")]
    public async Task Help_needs_no_zone_and_no_secret(params string[] arguments) => Assert.Equal(0, (await OperatorRun.RunAsync(arguments)).Code);

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
