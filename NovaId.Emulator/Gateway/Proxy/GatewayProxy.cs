using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Errors;
using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Rules;
using NovaId.Emulator.Gateway.Templates;
using NovaId.Emulator.Network;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Emulator.Gateway.Proxy;

/// <summary>Takes a request from outside, finds its rule, lets the handlers of the rule judge and change it, and forwards it.</summary>
internal sealed partial class GatewayProxy(
    RuleRepository rules,
    CorsPolicy cors,
    ProxyTimeouts timeouts,
    JsonErrorHandler fallback,
    PrivateNetwork network,
    HttpMessageInvoker client,
    IHttpForwarder forwarder,
    TimeProvider time,
    ILogger<GatewayProxy> logger)
{
    private static readonly ForwarderRequestConfig ForwarderConfig = new()
    {
        // The limits of the gateway itself apply; between its neighbours it sets none of its own.
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task HandleAsync(HttpContext http)
    {
        using var readLimit = LimitReading(http);
        await using var writeLimit = LimitWriting(http);
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (await RequestHead.ReadAsync(http) is not { } url)
        {
            return;
        }

        if ((target == "*" && HttpMethods.IsOptions(http.Request.Method)) || cors.Apply(http))
        {
            return;
        }

        var request = GatewayRequest.From(http.Request, url);
        using var activity = Tracing.Start(request);
        AccessRule? rule = null;
        try
        {
            rule = FindRule(request);
            activity?.SetTag("http.route", rule.Id);
            await ApplyAsync(rule, request, http.RequestAborted);
        }
        catch (GatewayException exception)
        {
            LogRefused(exception.Status, request.Method, rule?.Id, exception.Reason ?? exception.Message);
            activity?.SetTag("http.response.status_code", exception.Status);
            await RefuseAsync(http, rule, request, exception);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await ForwardAsync(http, request, rule, readLimit);
        activity?.SetTag("http.response.status_code", http.Response.StatusCode);
    }

    private Task RefuseAsync(HttpContext http, AccessRule? rule, GatewayRequest request, GatewayException exception) =>
        (rule?.Errors.Where(handler => handler.IsResponsible(request, exception)).Take(2).ToArray() ?? []) switch
        {
            [] => fallback.WriteAsync(http, request, exception),
            [var one] => one.WriteAsync(http, request, exception),
            // Oathkeeper does not choose.
            _ => fallback.WriteAsync(http, request, GatewayException.Internal("Found more than one error handler to be responsible for the request")),
        };

    private AccessRule FindRule(GatewayRequest request)
    {
        request.Url.CleanPath();
        try
        {
            return rules.Match(request.Method, request.Url.MatchText());
        }
        catch (RegexMatchTimeoutException)
        {
            throw GatewayException.Internal("match timeout");
        }
    }

    private static async Task ApplyAsync(AccessRule rule, GatewayRequest request, CancellationToken cancellationToken)
    {
        var match = new MatchContext(rule.Pattern.CaptureGroups(request.Url.MatchText()), request);
        var session = new AuthenticationSession(match);
        var authenticated = false;
        foreach (var authenticator in rule.Authenticators)
        {
            // The first that is responsible decides; a bad credential is not made good by another.
            authenticated = await authenticator.AuthenticateAsync(request, session, cancellationToken);
            if (authenticated)
            {
                break;
            }
        }

        if (!authenticated)
        {
            throw GatewayException.Unauthorized();
        }

        rule.Authorizer.Authorize(session);
        try
        {
            foreach (var mutator in rule.Mutators)
            {
                mutator.Mutate(session);
            }
        }
        catch (TemplateException exception)
        {
            throw GatewayException.Internal($"error executing a template in rule \"{rule.Id}\": {exception.Message}");
        }

        request.Apply(session);
    }

    private async Task ForwardAsync(HttpContext http, GatewayRequest request, AccessRule rule, CancellationTokenSource readLimit)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            http.Request.Body = new DeadlineStream(http.Request.Body, readLimit.Token);
        }

        var error = await forwarder.SendAsync(http, rule.Upstream.Prefix, client, ForwarderConfig, new UpstreamTransformer(request, rule.Upstream, network.IsService(rule.Upstream.Address)));
        if (error == ForwarderError.None)
        {
            return;
        }

        var cause = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        LogFailed(rule.Id, rule.Upstream.Authority, error, cause?.Message);
        Activity.Current?.SetStatus(ActivityStatusCode.Error);
        if (!http.Response.HasStarted)
        {
            // No body: whatever could be said would be about the private network.
            http.Response.StatusCode =
                http.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
                : readLimit.IsCancellationRequested ? StatusCodes.Status504GatewayTimeout
                : StatusCodes.Status502BadGateway;
        }
    }

    /// <summary>The whole request, its body too, must have arrived by then.</summary>
    private CancellationTokenSource LimitReading(HttpContext http)
    {
        var source = new CancellationTokenSource(timeouts.Read, time);
        http.Response.RegisterForDispose(source);
        return source;
    }

    /// <summary>The answer must be out by then, or the connection is cut; an upgraded connection has no such limit.</summary>
    private ITimer LimitWriting(HttpContext http) => time.CreateTimer(
        _ =>
        {
            if (http.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
            {
                http.Abort();
            }
        },
        null,
        timeouts.Write,
        Timeout.InfiniteTimeSpan);

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {Status}: {Method}, rule {RuleId}: {Reason}")]
    private partial void LogRefused(int status, string method, string? ruleId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rule {RuleId}: {Upstream} did not answer ({Error}): {Cause}")]
    private partial void LogFailed(string ruleId, string upstream, ForwarderError error, string? cause);
}
