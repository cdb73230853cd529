using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NovaId.Contract.Attacks;

/// <summary>The base of the attacks: what is true of every refusal. It has the right status, it tells nothing of the inside, and where the
/// API was reached the attempt is in the access log.</summary>
public abstract partial class AttackContract(IZone zone) : ZoneContract(zone)
{
    private const int MaximumPages = 20;

    /// <summary>Straight to the API, past the gateway; skips the case where the network forbids that.</summary>
    protected Caller Direct
    {
        get
        {
            Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
            return Tools.Direct(Zone.Api);
        }
    }

    /// <summary>Sends a request that the API must refuse, and write down as refused.</summary>
    protected async Task<Reply> RefusedByApiAsync(
        Caller caller, string method, string target, int status, object? content = null, string? subject = null)
    {
        var (reply, trace) = await TracedAsync(caller, method, target, content);
        reply.ExpectProblem(status);
        var row = await RowAsync(trace, allowed: false);
        Assert.Equal(status, row.GetProperty("status").GetInt32());
        Assert.Equal(method, row.GetProperty("method").GetString());
        Assert.False(string.IsNullOrEmpty(row.GetProperty("reason").GetString()));
        Assert.Equal(subject, row.GetProperty("subject").GetString());
        return reply;
    }

    /// <summary>Sends a request that the caller was entitled to make and whose content is refused: the log has it as allowed, with
    /// the status of the refusal.</summary>
    protected async Task<Reply> RefusedForItsContentAsync(Caller caller, string method, string target, int status, object? content, string subject)
    {
        var (reply, trace) = await TracedAsync(caller, method, target, content);
        reply.ExpectProblem(status);
        var row = await RowAsync(trace, allowed: true);
        Assert.Equal(status, row.GetProperty("status").GetInt32());
        Assert.Equal(subject, row.GetProperty("subject").GetString());
        return reply;
    }

    /// <summary>Sends a request that the gateway must refuse itself, so that the API never sees it.</summary>
    protected async Task<Reply> RefusedByGatewayAsync(Caller caller, string method, string target, int status, object? content = null)
    {
        var marker = Guid.NewGuid().ToString();
        var marked = caller.With(IUpstreamRecorder.MarkerHeader, marker);
        var reply = Discreet(await marked.SendAsync(HttpMethod.Parse(method), target, content));
        Assert.Empty(Zone.Upstream?.Find(marker) ?? []);
        return reply.ExpectByGateway(status);
    }

    /// <summary>Fails if an answer tells of the inside: a name or a port behind the gateway, a program's stack, a secret.</summary>
    protected Reply Discreet(Reply reply, params string[] secrets)
    {
        Discreet($"{reply.Headers}\n{reply.Body}", secrets);
        return reply;
    }

    /// <summary>Fails if a text tells of the inside.</summary>
    protected void Discreet(string text, params string[] secrets)
    {
        Assert.DoesNotMatch(Inside(), text);
        int[] open = [Zone.Gateway.Port, 3000];
        Assert.All(LoopbackPort().Matches(text), match => Assert.Contains(int.Parse(match.Groups["port"].ValueSpan, null), open));
        Assert.All([Zone.Operator.Hidden, .. secrets], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    /// <summary>The id_token that the gateway makes for a caller, as the API receives it.</summary>
    protected async Task<string> IdTokenAsync(Caller caller)
    {
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var marker = Guid.NewGuid().ToString();
        (await caller.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync("/api/me")).Expect(200);
        return Assert.Single(Zone.Upstream.Find(marker)).Headers["Authorization"]["Bearer ".Length..];
    }

    /// <summary>The identity as Kratos has it.</summary>
    protected async Task<JsonElement> IdentityAsync(string id) =>
        (await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities/{id}")).Expect(200).Json;

    /// <summary>How many relation tuples of a namespace name a subject, whatever the object and the relation.</summary>
    protected async Task<int> TuplesAsync(string @namespace, string subject)
    {
        var target = $"/svc/keto/relation-tuples?namespace={@namespace}&subject_id={Uri.EscapeDataString(subject)}";
        return (await (await Operator.CallerAsync()).GetAsync(target)).Expect(200)["relation_tuples"].GetArrayLength();
    }

    private async Task<(Reply Reply, string Trace)> TracedAsync(Caller caller, string method, string target, object? content)
    {
        var trace = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var traced = caller.With("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        return (Discreet(await traced.SendAsync(HttpMethod.Parse(method), target, content)), trace);
    }

    private async Task<JsonElement> RowAsync(string trace, bool allowed)
    {
        var general = (await SharedPersonAsync("General")).Caller;
        var target = $"/api/logs?pageSize=100&allowed={(allowed ? "true" : "false")}";
        string? token = null;
        for (var number = 0; number < MaximumPages; number++)
        {
            var page = (await general.GetAsync(token is null ? target : $"{target}&pageToken={Uri.EscapeDataString(token)}")).Expect(200);
            foreach (var row in page["items"].EnumerateArray())
            {
                if (row.GetProperty("traceId").GetString() == trace)
                {
                    return row;
                }
            }

            token = page["nextPageToken"].GetString();
            if (token is null)
            {
                break;
            }
        }

        throw new InvalidOperationException($"The attempt is not in the access log as {(allowed ? "allowed" : "refused")}.");
    }

    [GeneratedRegex(@"\b(kratos|keto|hydra|oathkeeper|api):\d+|\bdial tcp|connection refused|goroutine |\.go:\d+|   at \w+\.|\w+Exception\b|\bSystem\.\w+|postgres:|SQLSTATE|\bsqlite\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Inside();

    [GeneratedRegex(@"(127\.0\.0\.1|localhost|\[::1\]):(?<port>\d{1,6})", RegexOptions.CultureInvariant)]
    private static partial Regex LoopbackPort();
}
