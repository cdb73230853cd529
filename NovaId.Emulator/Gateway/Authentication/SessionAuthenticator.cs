using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Templates;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Hands what proves a session to the service that knows sessions: the common part of bearer_token and cookie_session.</summary>
internal abstract class SessionAuthenticator : IAuthenticator
{
    protected static readonly string[] CommonKeys =
    [
        "check_session_url", "preserve_path", "preserve_query", "preserve_host", "force_method", "forward_http_headers[]",
        "additional_headers.*", "subject_from", "extra_from",
    ];

    private readonly HttpMessageInvoker _client;
    private readonly Uri _address;
    private readonly bool _preservePath;
    private readonly bool _preserveQuery;
    private readonly bool _preserveHost;
    private readonly string _method;
    private readonly HashSet<string> _forwarded;
    private readonly Dictionary<string, string> _additional;
    private readonly JsonPath _subject;
    private readonly JsonPath _extra;

    protected SessionAuthenticator(ConfigurationNode configuration, HttpMessageInvoker client, string alwaysForwarded, string defaultSubject)
    {
        _client = client;
        _address = configuration["check_session_url"].Uri();
        _preservePath = configuration["preserve_path"].Boolean(false);
        _preserveQuery = configuration["preserve_query"].Boolean(true);
        _preserveHost = configuration["preserve_host"].Boolean(false);
        _method = configuration["force_method"].String("");
        _forwarded = new(configuration["forward_http_headers"].Strings().Append(alwaysForwarded), StringComparer.OrdinalIgnoreCase);
        _additional = configuration["additional_headers"].Entries.ToDictionary(e => e.Key, e => e.Value.RequireString());
        _subject = JsonPath.Read(configuration["subject_from"], defaultSubject);
        _extra = JsonPath.Read(configuration["extra_from"], "extra");
    }

    public async ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken)
    {
        if (!IsResponsible(request))
        {
            return false;
        }

        using var response = await AskAsync(request, cancellationToken);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                await using (var body = await response.Content.ReadAsStreamAsync(cancellationToken))
                {
                    await ReadAsync(body, session, cancellationToken);
                }

                return true;
            case HttpStatusCode.TooManyRequests:
                throw GatewayException.TooManyRequests(response);
            default:
                throw GatewayException.Unauthorized();
        }
    }

    protected abstract bool IsResponsible(GatewayRequest request);

    private async Task<HttpResponseMessage> AskAsync(GatewayRequest request, CancellationToken cancellationToken)
    {
        var path = _preservePath ? _address.AbsolutePath : RequestUrl.EscapePath(request.Url.Path);
        var query = _preserveQuery ? _address.Query : request.Url.RawQuery is { Length: > 0 } raw ? "?" + raw : "";
        using var message = new HttpRequestMessage(
            new HttpMethod(_method.Length > 0 ? _method : request.Method),
            new Uri(_address.GetLeftPart(UriPartial.Authority) + path + query, RequestUrl.AsWritten));
        foreach (var (name, values) in request.Headers)
        {
            if (_forwarded.Contains(name))
            {
                // The service reads the first of several, and the client here would join them.
                message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)(GoRequests.IsList(name) ? values : new StringValues(values[0])));
            }
        }

        foreach (var (name, value) in _additional)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (_preserveHost)
        {
            message.Headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host);
        }

        Tracing.Inject(message);
        try
        {
            return await _client.SendAsync(message, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            // Oathkeeper answers 403 here, not 5xx: whoever cannot be authenticated is not let in.
            throw GatewayException.Forbidden(exception.Message);
        }
    }

    private async Task ReadAsync(Stream body, AuthenticationSession session, CancellationToken cancellationToken)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException exception)
        {
            // Oathkeeper looks up what it can in a body that is no JSON and goes on with an empty subject; nobody may enter here as that.
            throw GatewayException.Forbidden($"The session check answered with no JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw GatewayException.Internal($"Unable to fetch session context from remote: {exception.Message}");
        }

        using (document)
        {
            session.Subject = _subject.Find(document.RootElement) switch
            {
                null or { ValueKind: JsonValueKind.Null } => "",
                { ValueKind: JsonValueKind.String } subject => subject.GetString()!,
                _ => throw GatewayException.Forbidden("The configured subject_from GJSON path returned an error on JSON output: it is no string"),
            };
            session.Extra = _extra.Find(document.RootElement) switch
            {
                null or { ValueKind: JsonValueKind.Null } => null,
                { ValueKind: JsonValueKind.Object } extra => GoValue.MapFromJson(extra),
                _ => throw GatewayException.Forbidden("The configured extra_from GJSON path returned an error on JSON output: it is no object"),
            };
        }
    }
}
