using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using NovaId.Contract;

namespace NovaId.Tests.Zones;

/// <summary>The recorder hands requests on as they are, or what the contract says of the API would be said of the recorder.</summary>
public sealed class UpstreamRecorderTests : IAsyncLifetime
{
    private readonly WebApplication _api = BuildApi();
    private readonly HttpClient _http = new();
    private UpstreamRecorder? _recorder;

    private UpstreamRecorder Recorder => _recorder!;

    public async ValueTask InitializeAsync()
    {
        await _api.StartAsync();
        _recorder = await UpstreamRecorder.StartAsync();
        _recorder.Api = new(_api.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        await _api.DisposeAsync();
        _http.Dispose();
    }

    [Theory]
    [InlineData("/api/a%2Fb?x=%2f&y=")]
    [InlineData("/api/a%2fb")]
    [InlineData("/api/%c3%a4/%5C")]
    [InlineData("/api//a")]
    public async Task A_target_is_handed_on_byte_for_byte(string target)
    {
        using var response = await SendAsync(target);

        var seen = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"POST {target} body", seen);
    }

    [Fact]
    public async Task Body_and_status_are_handed_on()
    {
        using var response = await SendAsync("/api/a");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.EndsWith(" body", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_added_to_a_request()
    {
        using var response = await SendAsync("/api/a");
        var names = response.Headers.GetValues("X-Seen").Single();

        Assert.DoesNotContain("Forwarded", names, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", names, StringComparison.OrdinalIgnoreCase);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_request_with_a_marker_is_found_again()
    {
        await SendAsync("/api/a", "one");
        await SendAsync("/api/b", "two");

        var request = Assert.Single(Recorder.Find("two"));

        Assert.Equal("POST", request.Method);
        Assert.Equal("/api/b", request.Target);
        Assert.Equal("two", request.Headers[IUpstreamRecorder.MarkerHeader.ToLowerInvariant()]);
        Assert.Empty(Recorder.Find("three"));
    }

    [Fact]
    public async Task The_oldest_requests_are_forgotten()
    {
        await SendAsync("/api/a", "first");
        var others = Enumerable.Range(0, 1000);
        await Parallel.ForEachAsync(others, TestContext.Current.CancellationToken, async (_, _) => await SendAsync("/api/a", "other"));

        Assert.Empty(Recorder.Find("first"));
        Assert.Equal(1000, Recorder.Find("other").Count);
    }

    [Fact]
    public async Task Without_an_API_nothing_is_answered_for_it()
    {
        Recorder.Api = null;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync("/api/a")).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string target, string? marker = null)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(Recorder.Address.GetLeftPart(UriPartial.Authority) + target, asWritten);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri);
        request.Content = new StringContent("body", Encoding.UTF8, "text/plain");
        if (marker is not null)
        {
            request.Headers.Add(IUpstreamRecorder.MarkerHeader, marker);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static WebApplication BuildApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.Headers["X-Seen"] = string.Join(',', context.Request.Headers.Select(header => header.Key));
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            await context.Response.WriteAsync($"{context.Request.Method} {target} {body}");
        });
        return app;
    }
}
