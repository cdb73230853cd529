using System.Globalization;
using System.Net;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using NovaId.Client;
using NovaId.Client.Models;

/// <summary>The README's story with the client that Kiota makes of the OpenAPI document.</summary>
public static class Story
{
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="token">The session token of a Sergeant.</param>
    /// <returns>What the client was told, by name.</returns>
    public static async Task<Dictionary<string, string>> RunAsync(string gateway, string token)
    {
        var told = new Dictionary<string, string>();

        // Kiota's own provider of keys sends them by https only, which a zone on one machine has not.
        using var http = KiotaClientFactory.Create();
        http.DefaultRequestHeaders.Add("X-Session-Token", token);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = gateway };
        var client = new NovaIdClient(adapter);

        var me = (await client.Api.Me.GetAsync())!;
        told["me"] = $"{me.Id} {me.Kind} {me.Rank} {me.State} {me.Authentication!.Method}";
        var users = (await client.Api.Users.GetAsync(request => request.QueryParameters.PageSize = 1))!;
        told["users"] = $"{users.Items!.Count} {users.NextPageToken is not null}";
        var checks = await client.Api.Checks.PostAsync(new CheckRequest
        {
            Checks = [new Check { Namespace = PermissionNamespace.Rank, Object = "Sergeant", Relation = Permit.AtLeast }],
        });
        told["check"] = $"{checks!.Results![0].Allowed}";

        var document = (await client.Api.Documents.PostAsync(new DocumentContent { Title = "Plan 😀", Content = "Text" }))!;
        var resource = client.Api.Documents[document.Id!.Value];
        told["document"] = $"{(await resource.GetAsync())!.Title}";
        var nobody = (await resource.Sharing.PutAsync(new Sharing { Editors = [], Viewers = [] }))!;
        told["shared with nobody"] = $"{nobody.Editors!.Count} {nobody.Viewers!.Count} {nobody.MinimumRank}";
        var shared = (await resource.Sharing.PutAsync(new Sharing { Editors = [], Viewers = [new Share { Rank = Rank.Major }], MinimumRank = Rank.Colonel }))!;
        told["shared"] = $"{shared.Viewers![0].Rank} {shared.MinimumRank}";
        told["another version"] = await RefusalAsync(() => resource.PutAsync(
            new DocumentContent { Title = "Plan", Content = "Text" },
            request => request.Headers.Add("If-Match", "\"another\"")));
        await resource.DeleteAsync();

        var key = (await client.Api.Keys.PostAsync(new ApiKeyRequest { Name = "report", Scopes = [Scope.NovaidRead], Capabilities = [Capability.UsersView] }))!;
        told["key"] = $"{key.Id} {key.ClientSecret} {key.TokenEndpointAuthMethod}";
        told["keys"] = $"{(await client.Api.Keys.GetAsync())!.Items!.Single(item => item.Id == key.Id).Capabilities![0]}";

        told["not allowed"] = await RefusalAsync(() => client.Api.Logs.GetAsync());
        told["too long"] = await RefusalAsync(() => client.Api.Documents.PostAsync(new DocumentContent { Title = new string('x', 201), Content = "" }));
        return told;
    }

    private static async Task<string> RefusalAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return "not refused";
        }
        catch (Problem refusal)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{refusal.Status} {refusal.Required} {refusal.Detail} | {refusal.Message}");
        }
    }
}
