using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using NovaId.Demo.Configuration;
using NovaId.Demo.Login;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Calls;

/// <summary>Calls the API through the gateway with the person's access token, and follows the way that each call takes.</summary>
internal sealed class CallClient(GatewayClient gateway, AppSession session, IOptions<DemoOptions> options)
{
    /// <summary>A little longer than the API takes to say who did not answer it, and short enough for a page within three seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2.6);

    /// <summary>As much of an answer as a page shows, in characters.</summary>
    private const int MaximumShown = 8 * 1024;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Calls, with new tokens first where the old ones are over.</summary>
    /// <returns>What came of it, which may be that nobody answered.</returns>
    public async Task<CallOutcome> SendAsync(HttpContext http, ApiCall call, CallForm form)
    {
        GatewayClient.Allow(http, Limit);
        // Without anybody who listens there is no trace, and the API begins one that nobody here could name.
        using var activity = Activity.Current is null ? new Activity("NovaId.Demo.Call").SetIdFormat(ActivityIdFormat.W3C).Start() : null;
        var traceId = Activity.Current!.TraceId.ToHexString();
        var target = call.TargetOf(form);
        var outcome = new CallOutcome
        {
            Request = $"{call.Method} /{target}",
            IsOfApi = call.IsOfApi,
            TraceId = traceId,
            TraceAddress = options.Value.TraceAddressOf(traceId),
        };
        var begun = Stopwatch.GetTimestamp();
        var way = new List<WayStep>();
        try
        {
            if (session.IsOver && session.Tokens!.Refresh is { Length: > 0 })
            {
                var renewal = await session.RenewAsync();
                way.Add(new("hydra", Texts.Way_Renew, renewal.Error ?? Texts.Way_Yes, renewal.Error is null, 0, renewal.Took.TotalMilliseconds));
                if (renewal.Error is not null)
                {
                    return outcome with { Refuser = Refuser.Renewal, RenewalError = renewal.Error, Way = way, Took = Since(begun) };
                }
            }

            using var request = Message(call, form, target);
            var sent = Since(begun);
            var answer = await gateway.AskAsync(http, request);
            return Read(outcome, answer, way, sent, Since(begun));
        }
        catch (ServiceUnavailableException gone)
        {
            way.Add(new("gateway", Texts.Way_Gateway, Texts.Way_NoAnswer, false, 0, Since(begun)));
            return outcome with { Refuser = Refuser.Unreachable, Missing = gone.Service.ToString(), Way = way, Took = Since(begun) };
        }
    }

    private HttpRequestMessage Message(ApiCall call, CallForm form, string target)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(target, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Tokens!.Access);
        if (call.Body is { } body)
        {
            request.Content = new StringContent(body(form).ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (call.Fields.FirstOrDefault(field => field.Place == FieldPlace.Version) is { } version && form[version.Name] is { Length: > 0 } tag)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return request;
    }

    private static CallOutcome Read(CallOutcome outcome, GatewayAnswer answer, List<WayStep> way, double sent, double took)
    {
        var problem = answer.MediaType == ApiProblem.MediaType ? answer.TryRead(ApiJson.Default.ApiProblem) : null;
        var metrics = ServerTimingHeader.Read(answer.HeaderOf("Server-Timing"));
        var told = metrics.Where(metric => metric.Parameters.ContainsKey("by")).ToList();
        var total = metrics.Where(metric => metric.Name == "total").Select(metric => ServerTimingHeader.NumberOf(metric.Parameters, "dur")).LastOrDefault();

        // All that is not the API's own time is the gateway's, which asks Hydra for itself, and the way there and back.
        var gateway = Math.Max(0, took - sent - total);
        var isPassed = problem is not null || answer.IsSuccess;
        way.Add(new(
            outcome.IsOfApi ? "gateway" : "hydra",
            outcome.IsOfApi ? Texts.Way_Gateway : Texts.Way_Hydra,
            isPassed ? Texts.Way_Yes : $"{(int)answer.Status}",
            isPassed,
            sent,
            gateway));
        var steps = told.Select(metric => new WayStep(
            metric.Parameters["by"],
            metric.Parameters.GetValueOrDefault("desc", metric.Name),
            metric.Parameters.GetValueOrDefault("answer"),
            metric.Parameters.GetValueOrDefault("result") switch { "yes" => true, "no" => false, _ => null },
            sent + gateway + ServerTimingHeader.NumberOf(metric.Parameters, "at"),
            ServerTimingHeader.NumberOf(metric.Parameters, "dur"))).ToList();
        way.AddRange(steps);
        var (json, body, isCut) = Show(answer);
        return outcome with
        {
            Status = answer.Status,
            Problem = problem,
            Refuser = Refusals.Of(answer, problem, steps, outcome.IsOfApi),
            Missing = problem?.Service,
            Json = json,
            Body = body,
            IsCut = isCut,
            Version = answer.HeaderOf("ETag"),
            Way = way,
            IsTold = told.Count > 0,
            Took = took,
        };
    }

    private static (JsonElement? Json, string? Body, bool IsCut) Show(GatewayAnswer answer)
    {
        if (answer.Body.IsEmpty)
        {
            return (null, null, false);
        }

        JsonElement? json = null;
        string body;
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            json = document.RootElement.Clone();
            body = JsonSerializer.Serialize(json.Value, Indented);
        }
        catch (JsonException)
        {
            // What is no JSON comes from somebody between, and may name what is inside.
            return (null, null, false);
        }

        return body.Length <= MaximumShown ? (json, body, false) : (json, body[..MaximumShown], true);
    }

    private static double Since(long begun) => Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
}
