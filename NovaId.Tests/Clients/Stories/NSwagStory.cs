using System.Globalization;
using NovaId.Client;

/// <summary>The README's story with the client that NSwag makes of the OpenAPI document.</summary>
public static class Story
{
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="token">The session token of a Sergeant.</param>
    /// <returns>What the client was told, by name.</returns>
    public static async Task<Dictionary<string, string>> RunAsync(string gateway, string token)
    {
        var told = new Dictionary<string, string>();
        using var http = new HttpClient { BaseAddress = new Uri(gateway) };
        http.DefaultRequestHeaders.Add("X-Session-Token", token);
        var client = new NovaIdClient(http);

        var me = await client.GetMeAsync();
        told["me"] = $"{me.Id} {me.Kind} {me.Rank} {me.State} {me.Authentication.Method}";
        var users = await client.ListUsersAsync(pageSize: 1);
        told["users"] = $"{users.Items.Count} {users.NextPageToken is not null}";
        var checks = await client.AnswerChecksAsync(body: new CheckRequest
        {
            Checks = [new Check { Namespace = PermissionNamespace.Rank, Object = "Sergeant", Relation = Permit.AtLeast }],
        });
        told["check"] = $"{checks.Results.Single().Allowed}";

        var document = await client.CreateDocumentAsync(new DocumentContent { Title = "Plan 😀", Content = "Text" });
        told["document"] = (await client.GetDocumentAsync(document.Id)).Title;
        var nobody = await client.ReplaceDocumentSharingAsync(document.Id, body: new Sharing { Editors = [], Viewers = [] });
        told["shared with nobody"] = $"{nobody.Editors.Count} {nobody.Viewers.Count} {nobody.MinimumRank}";
        var shared = await client.ReplaceDocumentSharingAsync(
            document.Id,
            body: new Sharing { Editors = [], Viewers = [new Share { Rank = Rank.Major }], MinimumRank = Rank.Colonel });
        told["shared"] = $"{shared.Viewers.Single().Rank} {shared.MinimumRank}";
        told["another version"] = await RefusalAsync(() => client.ReplaceDocumentAsync(
            document.Id,
            if_Match: "\"another\"",
            body: new DocumentContent { Title = "Plan", Content = "Text" }));
        await client.DeleteDocumentAsync(document.Id);

        var key = await client.CreateKeyAsync(new ApiKeyRequest { Name = "report", Scopes = [Scope.Novaid_read], Capabilities = [Capability.Users_view] });
        told["key"] = $"{key.Id} {key.ClientSecret} {key.TokenEndpointAuthMethod}";
        told["keys"] = $"{(await client.ListKeysAsync()).Items.Single(item => item.Id == key.Id).Capabilities.Single()}";

        told["not allowed"] = await RefusalAsync(() => client.ListLogsAsync());
        told["too long"] = await RefusalAsync(() => client.CreateDocumentAsync(new DocumentContent { Title = new string('x', 201), Content = "" }));
        return told;
    }

    private static async Task<string> RefusalAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return "not refused";
        }
        catch (ApiException<Problem> refusal)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{refusal.Result.Status} {refusal.Result.Required} {refusal.Result.Detail} | {refusal.Result.Title}");
        }
    }
}
