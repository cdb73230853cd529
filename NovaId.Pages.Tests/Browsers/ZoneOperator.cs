using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Contract;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>The service client <c>novaid-operator</c>: what has to be there before somebody opens a page.</summary>
/// <param name="address">The zone's address.</param>
/// <param name="client">The operator's client.</param>
public sealed class ZoneOperator(Uri address, ServiceClient client) : IDisposable
{
    private static readonly TimeSpan MailLimit = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { BaseAddress = address };
    private readonly SemaphoreSlim _once = new(1);
    private (string Token, DateTimeOffset Until) _token;

    /// <summary>Makes an account.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreatePersonAsync(string email, string password, string first = "Vera", string last = "Visitor")
    {
        var person = new JsonObject
        {
            ["schema_id"] = "person",
            ["traits"] = new JsonObject { ["email"] = email, ["name"] = new JsonObject { ["first"] = first, ["last"] = last } },
            ["credentials"] = new JsonObject { ["password"] = new JsonObject { ["config"] = new JsonObject { ["password"] = password } } },
        };
        return (await SendAsync(HttpMethod.Post, "svc/kratos/admin/identities", person)).GetProperty("id").GetString()!;
    }

    /// <summary>Gives somebody a rank.</summary>
    public Task SetRankAsync(string person, string rank) => SendAsync(HttpMethod.Patch, "svc/keto/admin/relation-tuples", new JsonArray(new JsonObject
    {
        ["action"] = "insert",
        ["relation_tuple"] = new JsonObject { ["namespace"] = "Rank", ["object"] = rank, ["relation"] = "members", ["subject_id"] = person },
    }));

    /// <summary>The code of the newest mail to an address.</summary>
    /// <param name="email">The address.</param>
    /// <param name="purpose">A word of the subject: verify, recover, log in.</param>
    /// <param name="count">How many such mails there must be.</param>
    public async Task<string> MailedCodeAsync(string email, string purpose, int count = 1)
    {
        // A courier sends what others wait for too.
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"svc/mail/api/v1/search?query={Uri.EscapeDataString($"to:{email}")}");
            string[] subjects =
            [
                .. (await SendAsync(request)).GetProperty("messages").EnumerateArray()
                    .Select(mail => mail.GetProperty("Subject").GetString()!)
                    .Where(text => text.Contains(purpose, StringComparison.Ordinal)),
            ];
            if (subjects.Length >= count)
            {
                return new string([.. subjects[0].Where(char.IsAsciiDigit)]);
            }

            Assert.True(waited.Elapsed < MailLimit, $"{subjects.Length} of {count} mails to {purpose} came within {MailLimit.TotalSeconds} seconds");
            await Task.Delay(50);
        }
    }

    /// <summary>Registers an application.</summary>
    /// <param name="name">What people see.</param>
    /// <param name="redirectUri">Where it wants people back.</param>
    /// <param name="scope">What it may ask for.</param>
    /// <param name="more">What else it registers of itself.</param>
    /// <returns>Its id and secret.</returns>
    public async Task<(string Id, string Secret)> CreateApplicationAsync(string name, string redirectUri, string scope = "openid offline_access email profile novaid.read", Dictionary<string, string>? more = null)
    {
        var client = new JsonObject
        {
            ["client_name"] = name,
            ["redirect_uris"] = new JsonArray(redirectUri),
            ["post_logout_redirect_uris"] = new JsonArray(redirectUri),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"),
            ["response_types"] = new JsonArray("code"),
            ["scope"] = scope,
            ["audience"] = new JsonArray("novaid-api"),
            ["token_endpoint_auth_method"] = "client_secret_basic",
        };
        foreach (var (key, value) in more ?? [])
        {
            client[key] = value;
        }

        var made = await SendAsync(HttpMethod.Post, "svc/hydra/admin/clients", client);
        return (made.GetProperty("client_id").GetString()!, made.GetProperty("client_secret").GetString()!);
    }

    /// <summary>Says how long the access tokens of an application count.</summary>
    public Task SetLifespanAsync(string application, TimeSpan lifespan) => SendAsync(HttpMethod.Put, $"svc/hydra/admin/clients/{application}/lifespans", new JsonObject
    {
        ["authorization_code_grant_access_token_lifespan"] = $"{lifespan.TotalSeconds:0}s",
        ["refresh_token_grant_access_token_lifespan"] = $"{lifespan.TotalSeconds:0}s",
    });

    /// <summary>What Hydra says of a token.</summary>
    public async Task<JsonElement> IntrospectAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "svc/hydra/admin/oauth2/introspect")
        {
            Content = new FormUrlEncodedContent([new("token", token)]),
        };
        return await SendAsync(request);
    }

    /// <summary>Asks the token endpoint as an application.</summary>
    public Task<JsonElement> TokenAsync((string Id, string Secret) application, params (string Name, string Value)[] form) => TokenAsync(Basic(application), form);

    private async Task<JsonElement> TokenAsync(AuthenticationHeaderValue? authorization, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Authorization = authorization;
        return await ReadAsync(await _http.SendAsync(request));
    }

    /// <summary>A device asks to be let in.</summary>
    public async Task<JsonElement> DeviceAsync((string Id, string Secret) application, string scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/device/auth")
        {
            Content = new FormUrlEncodedContent([new("client_id", application.Id), new("scope", scope)]),
        };
        request.Headers.Authorization = Basic(application);
        return await ReadAsync(await _http.SendAsync(request));
    }

    public void Dispose()
    {
        _http.Dispose();
        _once.Dispose();
    }

    private static AuthenticationHeaderValue Basic((string Id, string Secret) application) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(application.Id)}:{Uri.EscapeDataString(application.Secret)}")));

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        return await SendAsync(request);
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ServiceTokenAsync());
        return await ReadAsync(await _http.SendAsync(request));
    }

    private async Task<string> ServiceTokenAsync()
    {
        await _once.WaitAsync();
        try
        {
            // It lives ten minutes, which is less than all tests together.
            if (_token.Until < DateTimeOffset.UtcNow)
            {
                var answer = await TokenAsync(
                    client.Key is null ? Basic((client.Id, client.Secret)) : null,
                    [
                        ("grant_type", "client_credentials"),
                        ("scope", "kratos.identities.create hydra.clients.create hydra.clients.lifespans hydra.introspect keto.tuples.patch mail.read"),
                        ("audience", "novaid-gateway"),
                        .. client.Assert(address),
                    ]);
                _token = (answer.GetProperty("access_token").GetString()!, DateTimeOffset.UtcNow.AddMinutes(8));
            }

            return _token.Token;
        }
        finally
        {
            _once.Release();
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }
    }
}
