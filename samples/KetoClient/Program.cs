using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ory.Keto.Client.Api;
using Ory.Keto.Client.Client;
using Ory.Keto.Client.Model;
using HttpMethod = System.Net.Http.HttpMethod;

// A service grants a capability, asks Keto for it, and takes it away again: with Ory's own client, and through the gateway alone.
var gateway = (Environment.GetEnvironmentVariable("NOVAID_GATEWAY") ?? "http://localhost:4455").TrimEnd('/');
var (id, secret) = (Setting("NOVAID_CLIENT_ID"), Setting("NOVAID_CLIENT_SECRET"));
if (id is null || secret is null)
{
    return Fail("NOVAID_CLIENT_ID and NOVAID_CLIENT_SECRET must name a service client of Hydra. README.md says how to make one.");
}

const string Capability = "users.view";
var subject = Guid.NewGuid().ToString();
try
{
    var keto = new Configuration { BasePath = $"{gateway}/svc/keto", DefaultHeaders = { ["Authorization"] = $"Bearer {await TokenAsync()}" } };
    var (permissions, relationships) = (new PermissionApi(keto), new RelationshipApi(keto));
    var granted = new KetoRelationship("Capability", Capability, "granted", subject);

    await ShowAsync("before the grant");
    await ChangeAsync(KetoRelationshipPatch.ActionEnum.Insert);
    await ShowAsync("granted");
    await ChangeAsync(KetoRelationshipPatch.ActionEnum.Delete);
    await ShowAsync("taken away");
    return 0;

    async Task ChangeAsync(KetoRelationshipPatch.ActionEnum action) => await relationships.PatchRelationshipsAsync([new(action, granted)]);

    async Task ShowAsync(string when)
    {
        var check = await permissions.CheckPermissionAsync("Capability", Capability, "allow", subject);
        var tuples = await relationships.GetRelationshipsAsync(_namespace: "Capability", _object: Capability, relation: "granted", subjectId: subject);
        Console.WriteLine($"{when}: allowed {check.Allowed}, relation tuples {tuples.RelationTuples.Count}");
    }
}
catch (ApiException e)
{
    return Fail(e.ErrorCode switch
    {
        401 => "The gateway takes no token from this client.",
        403 => "The token lacks a scope. This needs keto.check.single, keto.tuples.list and keto.tuples.patch, and the audience novaid-gateway.",
        _ => $"Keto did not answer as it should ({e.ErrorCode}): {e.ErrorContent}",
    });
}
catch (HttpRequestException e)
{
    return Fail($"There is no token from {gateway}: {e.Message}");
}

static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

static int Fail(string why)
{
    Console.Error.WriteLine(why);
    return 1;
}

// RFC 6749 4.4, the client credentials grant.
async Task<string> TokenAsync()
{
    using var http = new HttpClient();
    using var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway}/oauth2/token")
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = "keto.check.single keto.tuples.list keto.tuples.patch",
            ["audience"] = "novaid-gateway",
        }),
    };
    var credentials = $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}";
    request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    using var response = await http.SendAsync(request);
    response.EnsureSuccessStatusCode();
    using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    return answer.RootElement.GetProperty("access_token").GetString()!;
}
