using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NovaId.Emulator;
using NovaId.Tests.Kratos;

namespace NovaId.Tests.Mail;

/// <summary>A code is shown on the console and in the mailbox, and is written down nowhere.</summary>
public sealed class MailSecrecyTests
{
    [Fact]
    public async Task A_mailed_code_is_announced_and_stands_in_no_log()
    {
        using var console = new StringWriter();
        using var log = new Lines();
        await using var zone = await EmbeddedZone.StartAsync(
            new EmbeddedZoneOptions
            {
                GatewayPort = 0,
                ApiPort = 0,
                DemoPort = 0,
                LogLevel = LogLevel.None,
                MailAnnouncements = TextWriter.Synchronized(console),
                ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log),
            },
            TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = zone.Gateway };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        const string Root = "/.ory/kratos/public/self-service";

        using var begun = await http.GetAsync(new Uri($"{Root}/recovery/api", UriKind.Relative), TestContext.Current.CancellationToken);
        var action = new Uri((await begun.JsonAsync()).At("ui.action").GetString()!).PathAndQuery;
        using var asked = await http.PostJsonAsync(action, new { method = "code", email = "captain@novaid.local" });
        Assert.Equal(200, (int)asked.StatusCode);
        var line = Assert.Single(console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var code = Regex.Match(line, "[0-9]{6}").Value;
        Assert.Equal($"Mail to captain@novaid.local: Use code {code} to recover access to your account", line.TrimEnd('\r'));
        using var followed = await http.FetchAsync($"{action}&code={code}");
        using var used = await http.PostJsonAsync(action, new { method = "code", code });
        Assert.Equal(200, (int)used.StatusCode);

        Assert.NotEmpty(log.Written);
        Assert.DoesNotContain(log.Written, written => Regex.IsMatch(written, $"(?<![0-9]){code}(?![0-9])"));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing to let go.
        }
    }
}
