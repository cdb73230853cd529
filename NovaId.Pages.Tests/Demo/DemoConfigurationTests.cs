using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NovaId.Demo;
using NovaId.Demo.Calls;
using NovaId.Demo.Configuration;

namespace NovaId.Pages.Tests.Demo;

/// <summary>How the demo is set up, and what it says where that is wrong.</summary>
public sealed class DemoConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Demo:ClientSecret", null, "Demo__ClientSecret")]
    [InlineData("Demo:ClientId", " ", "Demo:ClientId")]
    [InlineData("Demo:Address", "127.0.0.1:4460", "Demo__Address=http://127.0.0.1:4460")]
    [InlineData("Demo:Address", "http://127.0.0.1:4460/app", "Demo:Address")]
    [InlineData("Demo:TraceAddress", "https://localhost:17198/traces", "{traceId}")]
    [InlineData("Demo:TraceAddress", "javascript:alert('{traceId}')", "Demo:TraceAddress")]
    [InlineData("Gateway:Address", null, "Gateway__Address")]
    public void What_is_wrong_is_said_at_the_start_with_the_key_and_the_remedy(string key, string? value, string said)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Create((key, value)));
        Assert.Contains(said, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_with_one_folder_of_keys_open_each_other_s_cookies_and_nobody_else_does()
    {
        await using var one = Create(("Demo:KeyFolder", _folder.FullName));
        await using var two = Create(("Demo:KeyFolder", _folder.FullName));
        await using var alone = Create();
        var secret = Protector(one).Protect("a token");
        Assert.Equal("a token", Protector(two).Unprotect(secret));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => Protector(alone).Unprotect(secret));

        static IDataProtector Protector(WebApplication app) => app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }

    [Fact]
    public void A_trace_leads_to_the_dashboard_where_there_is_one()
    {
        Assert.Null(new DemoOptions().TraceAddressOf("abc"));
        Assert.Equal("https://localhost:17198/traces/detail/abc", new DemoOptions { TraceAddress = "https://localhost:17198/traces/detail/{traceId}" }.TraceAddressOf("abc"));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("total;dur=1.5", "total(dur:1.5)")]
    [InlineData("a , b;desc=\"x, \\\"y\\\"; z\";dur=2", "a() b(desc:x, \"y\"; z|dur:2)")]
    [InlineData("a;b;c=d, e", "a(b:|c:d) e()")]
    [InlineData("a;desc=\"never ends", "a(desc:never ends)")]
    [InlineData(", ;;==\"\"", "")]
    public void Server_Timing_is_read_as_it_is_written(string? header, string read) => Assert.Equal(
        read,
        string.Join(' ', ServerTimingHeader.Read(header).Select(metric => $"{metric.Name}({string.Join('|', metric.Parameters.Select(parameter => $"{parameter.Key}:{parameter.Value}"))})")));

    [Fact]
    public void A_header_without_end_is_not_read_to_its_end() =>
        Assert.Equal(64, ServerTimingHeader.Read(string.Join(',', Enumerable.Repeat("a;dur=1", 10_000))).Count);

    private static WebApplication Create(params (string Key, string? Value)[] settings) => DemoApplication.Create([], builder =>
    {
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Address"] = "http://localhost:4455",
            ["Demo:ClientSecret"] = "a secret",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
    });
}
