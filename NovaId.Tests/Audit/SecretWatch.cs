using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.Logging;
using NovaId.Contract.Drivers;

namespace NovaId.Tests.Audit;

/// <summary>Remembers every secret that goes by, and everything that is written down about it.</summary>
internal sealed class SecretWatch : IDisposable
{
    /// <summary>Members of JSON bodies and of queries that prove something to whoever shows them.</summary>
    private static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "access_token", "refresh_token", "id_token", "session_token", "client_secret", "clientSecret", "registration_access_token", "code",
        "code_verifier", "logout_token", "login_verifier", "consent_verifier", "login_challenge", "consent_challenge", "challenge", "password",
        "session_token_exchange_code", "token",
    };

    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Where, string Text)> _written = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public SecretWatch()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Write,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Write(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Write(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Write(instrument, tags));
        _meters.Start();
    }

    public int Lines => _written.Count;

    /// <summary>How many secrets there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> Kinds => _secrets.Values.GroupBy(kind => kind).ToDictionary(group => group.Key, group => group.Count());

    public IReadOnlyCollection<string> Places => [.. _written.Select(line => line.Where.Split(' ')[0]).Distinct()];

    public void Remember(string kind, string? secret)
    {
        // What is shorter is a word that stands anywhere.
        if (secret?.Length >= 12)
        {
            _secrets.TryAdd(secret, kind);
        }
    }

    /// <summary>Tells a secret apart that somebody put where it does not belong.</summary>
    public void Misplace(string secret) => _secrets[secret] = "misplaced";

    public void Write(string where, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _written.Enqueue((where, text));
        }
    }

    /// <summary>Takes the secrets out of an answer and its request; an error is also something that is written.</summary>
    public void Observe(HttpRequestMessage request, Reply reply)
    {
        foreach (var header in request.Headers)
        {
            foreach (var value in header.Value)
            {
                Harvest(header.Key, value);
            }
        }

        if (reply.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies)
            {
                Harvest("Cookie", cookie.Split(';')[0]);
            }
        }

        HarvestQuery(request.RequestUri);
        HarvestQuery(reply.Headers.Location);
        if (reply.ContentType?.EndsWith("json", StringComparison.Ordinal) == true && reply.Body.Length > 0)
        {
            Harvest(reply.Json);
        }

        if (reply.Status >= 400)
        {
            Write($"error {request.Method} {request.RequestUri!.AbsolutePath} {reply.Status}", reply.Body + string.Join('\n', reply.Headers.Select(header => $"{header.Key}: {string.Join(' ', header.Value)}")));
        }
    }

    /// <summary>What a header of a request proves something with.</summary>
    public void Harvest(string header, string value)
    {
        switch (header.ToUpperInvariant())
        {
            case "AUTHORIZATION" or "X-ORIG-AUTHORIZATION":
                Remember("credential", value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                break;
            case "X-SESSION-TOKEN":
                Remember("session_token", value);
                break;
            case "COOKIE":
                foreach (var cookie in value.Split("; "))
                {
                    Remember("cookie", cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                }

                break;
        }
    }

    /// <summary>Every place where a secret stands, as it is, in base64 or in a form's encoding. The secret itself is not named.</summary>
    public IReadOnlyList<string> Find(IEnumerable<string> expected)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (secret, kind) in _secrets)
        {
            foreach (var form in (string[])
                [
                    secret, Uri.EscapeDataString(secret), HttpUtility.UrlEncode(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
                    System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(secret)), JsonEncodedText.Encode(secret).ToString(),
                ])
            {
                forms[form] = kind;
            }
        }

        var values = SearchValues.Create([.. forms.Keys], StringComparison.Ordinal);
        var found = new List<string>();
        foreach (var (where, text) in _written)
        {
            if (text.AsSpan().ContainsAny(values))
            {
                var kinds = forms.Where(form => text.Contains(form.Key, StringComparison.Ordinal)).Select(form => form.Value).Distinct();
                found.AddRange(kinds.Select(kind => $"{where}: {kind}"));
            }
        }

        return [.. found.Distinct().Except(expected).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads the log of one host.</summary>
    public ILoggerProvider Listener() => new Provider(this);

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void HarvestQuery(Uri? address)
    {
        var text = address?.OriginalString ?? "";
        var query = HttpUtility.ParseQueryString(text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? text[at..] : "");
        foreach (var name in query.AllKeys.OfType<string>().Where(SecretNames.Contains))
        {
            Remember(name, query[name]);
        }
    }

    private void Harvest(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                // The node of a form that holds the token against forged requests.
                if (json.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() == "csrf_token"
                    && json.TryGetProperty("value", out var token))
                {
                    Remember("csrf_token", token.GetString());
                }

                foreach (var member in json.EnumerateObject())
                {
                    if (member.Value.ValueKind == JsonValueKind.String && SecretNames.Contains(member.Name))
                    {
                        Remember(member.Name, member.Value.GetString());
                    }
                    else if (member.Value.ValueKind == JsonValueKind.String && Uri.TryCreate(member.Value.GetString(), UriKind.Absolute, out var address))
                    {
                        HarvestQuery(address);
                    }

                    Harvest(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Harvest(item);
                }

                break;
        }
    }

    private void Write(Activity activity)
    {
        var text = new StringBuilder().AppendLine(activity.DisplayName).AppendLine(activity.OperationName).AppendLine(activity.StatusDescription)
            .AppendLine(activity.TraceStateString);
        foreach (var (key, value) in activity.TagObjects.Concat(activity.Events.SelectMany(one => one.Tags)))
        {
            text.AppendLine($"{key}={value}");
        }

        foreach (var (key, value) in activity.Baggage)
        {
            text.AppendLine($"{key}={value}");
        }

        Write($"span {activity.Source.Name} {activity.OperationName}", text.ToString());
    }

    private void Write(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (value is string text)
            {
                Write($"metric {instrument.Name} {key}", text);
            }
        }
    }

    private sealed class Provider(SecretWatch watch) : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public ILogger CreateLogger(string categoryName) => new Category(watch, _scopes, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }
    }

    private sealed class Category(SecretWatch watch, IExternalScopeProvider? scopes, string name) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => scopes?.Push(state);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder(formatter(state, exception)).AppendLine().Append(exception);
            Append(state, text);
            scopes?.ForEachScope(Append, text);
            watch.Write($"log {name} {eventId.Name}", text.ToString());
        }

        private static void Append<TState>(TState state, StringBuilder text)
        {
            text.AppendLine();
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                text.AppendJoin('\n', values.Select(value => $"{value.Key}={value.Value}"));
            }
            else
            {
                text.Append(state);
            }
        }
    }
}
