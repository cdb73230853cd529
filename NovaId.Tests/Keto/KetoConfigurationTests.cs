using System.Net.Sockets;
using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Keto;

public sealed class KetoConfigurationTests
{
    [Fact]
    public async Task An_OPL_file_with_a_typo_stops_the_start_naming_file_and_line()
    {
        await using var host = KetoHost.Prepare();
        var lines = File.ReadAllLines(host.NamespacesFile);
        var at = Array.FindIndex(lines, line => line.Contains("this.related.higher.includes", StringComparison.Ordinal));
        lines[at] = lines[at].Replace("higher", "hihger");
        File.WriteAllLines(host.NamespacesFile, lines);

        var exception = Assert.Throws<ConfigurationException>(host.Create);

        Assert.Equal((host.NamespacesFile, at + 1), (exception.File, exception.Line));
        Assert.Contains("column 20: namespace \"Rank\" did not declare relation \"hihger\"", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_read_depth: 16", "max_read_deph: 16", "limit.max_read_deph", "does not know")]
    [InlineData("max_read_depth: 16", "max_read_depth: 0", "limit.max_read_depth", "between 1 and 65535")]
    [InlineData("max_read_width: 256", "max_read_width: many", "limit.max_read_width", "whole number")]
    [InlineData("version: v26.2.0", "version: v25.4.0", "version", "v26.2.0")]
    [InlineData("namespaces.keto.ts", "nowhere.keto.ts", "namespaces.location", "does not exist")]
    [InlineData("file:///etc/ory/keto/namespaces.keto.ts", "https://example.org/n.ts", "namespaces.location", "reads files only")]
    [InlineData("  location:", "  experimental_strict_mode: true\n  location:", "namespaces.experimental_strict_mode", "does not know")]
    [InlineData("host: 0.0.0.0\n    port: 4466", "host: 127.0.0.1\n    port: 4466", "serve.read.host", "cannot reach")]
    [InlineData("host: 127.0.0.1\n    port: 4468", "host: 0.0.0.0\n    port: 4468", "serve.metrics.host", "127.0.0.1")]
    [InlineData("host: 127.0.0.1\n    port: 4469", "host: keto.example\n    port: 4469", "serve.opl.host", "0.0.0.0")]
    public async Task A_setting_that_cannot_be_honoured_stops_the_start_naming_its_key(string from, string to, string key, string problem)
    {
        await using var host = KetoHost.Prepare();
        host.EditConfiguration(from, to);

        var exception = Assert.Throws<ConfigurationException>(host.Create);

        Assert.Equal((host.ConfigurationFile, key), (exception.File, exception.Key));
        Assert.True(exception.Line > 0);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_pagination_secret_stops_the_start_without_being_told()
    {
        await using var host = KetoHost.Prepare();
        host.Environment["SECRETS_PAGINATION"] = "too-short";

        var exception = Assert.Throws<ConfigurationException>(host.Create);

        Assert.Equal("secrets.pagination", exception.Key);
        Assert.DoesNotContain("too-short", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_pagination_secret_stops_the_start()
    {
        await using var host = KetoHost.Prepare();
        host.Environment.Clear();

        Assert.Equal("secrets.pagination", Assert.Throws<ConfigurationException>(host.Create).Key);
    }

    [Fact]
    public async Task What_the_container_keeps_to_its_loopback_is_not_on_the_network()
    {
        await using var host = await KetoHost.StartAsync();

        foreach (var port in (int[])[4468, 4469])
        {
            var exception = await Assert.ThrowsAsync<HttpRequestException>(() =>
                host.Client.GetAsync($"http://keto:{port}/health/alive", TestContext.Current.CancellationToken));
            Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
        }
    }

    [Fact]
    public async Task The_ports_are_those_of_the_configuration()
    {
        await using var host = KetoHost.Prepare();
        host.EditConfiguration("port: 4466", "port: 5466");
        await host.StartAsync();

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "http://keto:5466/health/alive")).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.SendAsync(HttpMethod.Get, "http://keto:4466/health/alive"));
    }
}
