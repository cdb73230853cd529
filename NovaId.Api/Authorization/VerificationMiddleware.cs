using NovaId.Api.AccessLog;
using NovaId.Api.Authentication;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Limits;
using NovaId.Api.Timing;

namespace NovaId.Api.Authorization;

/// <summary>
/// Lets a request through to its endpoint once everything that the endpoint requires was verified. It stands behind routing and before the
/// endpoints; what it does not let through has touched nothing.
/// </summary>
internal sealed class VerificationMiddleware
{
    private readonly RequestDelegate _next;
    private readonly IdTokenAuthenticator _authenticator;
    private readonly AccessLogWriter _accessLog;
    private readonly RequestLimiter _limiter;

    public VerificationMiddleware(
        RequestDelegate next,
        EndpointDataSource endpoints,
        IdTokenAuthenticator authenticator,
        AccessLogWriter accessLog,
        RequestLimiter limiter)
    {
        (_next, _authenticator, _accessLog, _limiter) = (next, authenticator, accessLog, limiter);

        // The pipeline is put together before the server listens, so an endpoint that says nothing stops the start.
        EndpointDeclarations.Verify(endpoints.Endpoints);
    }

    public async Task InvokeAsync(HttpContext http, CallerVerifier verifier)
    {
        // No endpoint, or one that routing made to say 405 or 415: there is nothing to protect, and nothing is said.
        if (http.GetEndpoint() is RouteEndpoint endpoint)
        {
            if (endpoint.Metadata.GetMetadata<WithoutCaller>() is null)
            {
                RequestBudget.Begin();
                await VerifyAsync(http, endpoint, verifier);
            }
            else if (endpoint.Metadata.GetMetadata<WithoutLimit>() is null)
            {
                _limiter.AdmitOpen(http);
            }
        }

        await _next(http);
    }

    private async Task VerifyAsync(HttpContext http, RouteEndpoint endpoint, CallerVerifier verifier)
    {
        var requirements = EndpointDeclarations.Requirements(endpoint);
        var decision = new Decision(EndpointDeclarations.Describe(requirements, http));
        http.Features.Set(decision);
        if (requirements.Count == 0)
        {
            throw Refusal.Forbidden("a declaration of what it needs", "the endpoint declares nothing").AsException();
        }

        if (!await _accessLog.HasRoomAsync(http.RequestAborted))
        {
            throw Refusal.Unavailable("access log", "the access log cannot be written").AsException();
        }

        var (token, subject) = await RecognizeAsync(http);
        decision.Identify(token, subject);
        _limiter.AdmitCaller(subject);
        foreach (var rule in endpoint.Metadata.GetOrderedMetadata<RouteValueRule>())
        {
            if (!rule.IsValid(http.Request.RouteValues[rule.Value] as string))
            {
                throw rule.Refusal.AsException();
            }
        }

        var questions = endpoint.Metadata.GetMetadata<PermissionQuestionsMetadata>()?.Questions;
        var alsoAsked = questions is null ? [] : await questions.AskAsync(http, subject);
        await verifier.VerifyAsync(http, token, subject, requirements, alsoAsked);
        http.Features.Get<ServerTiming>()?.Admit();
    }

    private async Task<(IdToken Token, CallerSubject Subject)> RecognizeAsync(HttpContext http)
    {
        var timing = http.Features.Get<ServerTiming>();
        var begun = timing.Begin();
        try
        {
            var token = await _authenticator.AuthenticateAsync(http.Request, http.RequestAborted);
            var subject = CallerSubject.Of(token);
            timing?.Add(StepQuestion.IdToken, begun, StepAnswer.Of(isYes: true));
            return (token, subject);
        }
        catch (RefusalException)
        {
            timing?.Add(StepQuestion.IdToken, begun, StepAnswer.Of(isYes: false));
            // Counted only now: whoever is recognised never meets the limit of an address that others use too.
            _limiter.AdmitUnrecognized(http);
            throw;
        }
    }
}
