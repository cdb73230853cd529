using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Demo.Login;

namespace NovaId.Demo.Calls;

/// <summary>A call of the API that can be tried here.</summary>
/// <param name="Name">Its name in the address of its page.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path at the gateway, with a name in braces for each part that is filled in.</param>
internal sealed record ApiCall(string Name, HttpMethod Method, string Path)
{
    private static readonly string[] Ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    private static readonly CallField Document = new("id", () => Texts.Field_Document, FieldPlace.Path) { IsRequired = true };
    private static readonly CallField Title = new("title", () => Texts.Field_Title, FieldPlace.Body) { IsRequired = true };
    private static readonly CallField Content = new("content", () => Texts.Field_Content, FieldPlace.Body) { IsLong = true };
    private static readonly CallField Version = new("version", () => Texts.Field_Version, FieldPlace.Version) { Help = () => Texts.Field_Version_Help };

    /// <summary>The claims that Hydra gives whoever holds the access token (OpenID Connect Core, section 5.3).</summary>
    public static ApiCall UserInfo { get; } = new("userinfo", HttpMethod.Get, "userinfo");

    /// <summary>All that can be tried, in groups.</summary>
    public static IReadOnlyList<(Func<string> Title, IReadOnlyList<ApiCall> Calls)> Groups { get; } =
    [
        (() => Texts.Group_You,
        [
            new("me", HttpMethod.Get, "api/me"),
            new("permissions", HttpMethod.Get, "api/me/permissions"),
            new("keys", HttpMethod.Get, "api/keys"),
            new("check", HttpMethod.Post, "api/checks")
            {
                Fields =
                [
                    new("namespace", () => Texts.Field_Namespace, FieldPlace.Body) { Choices = ["Rank", "Capability", "Document"], Value = "Rank" },
                    new("object", () => Texts.Field_Object, FieldPlace.Body) { IsRequired = true, Value = "Captain" },
                    new("relation", () => Texts.Field_Relation, FieldPlace.Body) { Choices = ["atLeast", "commands", "allow", "view", "edit", "delete"], Value = "atLeast" },
                ],
                Body = form => new JsonObject
                {
                    ["checks"] = new JsonArray(new JsonObject { ["namespace"] = form["namespace"], ["object"] = form["object"], ["relation"] = form["relation"] }),
                },
            },
        ]),
        (() => Texts.Group_Documents,
        [
            new("documents", HttpMethod.Get, "api/documents"),
            new("make-document", HttpMethod.Post, "api/documents") { Fields = [Title, Content], Body = ContentOf },
            new("document", HttpMethod.Get, "api/documents/{id}") { Fields = [Document] },
            new("change-document", HttpMethod.Put, "api/documents/{id}")
            {
                Fields = [Document, Title, Content, Version],
                Body = ContentOf,
                FilledBy = "document",
                Fill = document => new() { ["title"] = Text(document["title"]), ["content"] = Text(document["content"]) },
            },
            new("sharing", HttpMethod.Get, "api/documents/{id}/sharing") { Fields = [Document] },
            new("share-document", HttpMethod.Put, "api/documents/{id}/sharing")
            {
                Fields =
                [
                    Document,
                    new("viewers", () => Texts.Field_Viewers, FieldPlace.Body) { IsLong = true, Help = () => Texts.Field_Shares_Help },
                    new("editors", () => Texts.Field_Editors, FieldPlace.Body) { IsLong = true, Help = () => Texts.Field_Shares_Help },
                    new("minimumRank", () => Texts.Field_MinimumRank, FieldPlace.Body) { Choices = ["", .. Ranks] },
                    Version,
                ],
                Body = form => new JsonObject
                {
                    ["viewers"] = SharesOf(form["viewers"]),
                    ["editors"] = SharesOf(form["editors"]),
                    ["minimumRank"] = form["minimumRank"] is { Length: > 0 } rank ? rank : null,
                },
                FilledBy = "sharing",
                Fill = sharing => new()
                {
                    ["viewers"] = LinesOf(sharing["viewers"]), ["editors"] = LinesOf(sharing["editors"]), ["minimumRank"] = Text(sharing["minimumRank"]),
                },
            },
            new("delete-document", HttpMethod.Delete, "api/documents/{id}") { Fields = [Document] },
        ]),
        (() => Texts.Group_Office,
        [
            new("ranks", HttpMethod.Get, "api/ranks"),
            new("capabilities", HttpMethod.Get, "api/capabilities"),
            new("users", HttpMethod.Get, "api/users"),
            new("logs", HttpMethod.Get, "api/logs") { Fields = [new("pageSize", () => Texts.Field_PageSize, FieldPlace.Query) { Value = "10" }] },
            new("statistics", HttpMethod.Get, "api/logs/stats"),
        ]),
        (() => Texts.Group_Refused,
        [
            new("sessions", HttpMethod.Get, "api/me/sessions"),
            new("apps", HttpMethod.Get, "api/me/apps"),
            new("export", HttpMethod.Get, "api/me/export"),
        ]),
    ];

    /// <summary>What is filled in before.</summary>
    public IReadOnlyList<CallField> Fields { get; init; } = [];

    /// <summary>The body; null for none.</summary>
    public Func<CallForm, JsonNode>? Body { get; init; }

    /// <summary>The call whose answer is what this one changes.</summary>
    public string? FilledBy { get; init; }

    /// <summary>What stands in the fields at first, out of that answer.</summary>
    public Func<JsonNode, Dictionary<string, string>>? Fill { get; init; }

    /// <summary>Whether the API answers it; else Hydra does, to whom the gateway hands it on as it is.</summary>
    public bool IsOfApi => Path.StartsWith("api/", StringComparison.Ordinal);

    /// <summary>Whether it changes nothing.</summary>
    public bool IsRead => Method == HttpMethod.Get;

    /// <summary>The scope that the API asks for.</summary>
    public string Scope => IsRead ? DemoScopes.Read : DemoScopes.Write;

    /// <summary>The address of its page.</summary>
    public string Address => $"{CallEndpoints.Path}/{Name}";

    /// <summary>What it is called.</summary>
    public string Label => TextOf("Title");

    /// <summary>One sentence about it.</summary>
    public string Description => TextOf("Text");

    public static ApiCall? Find(string name) => Groups.SelectMany(group => group.Calls).FirstOrDefault(call => call.Name == name);

    /// <summary>What is asked of the gateway.</summary>
    public string TargetOf(CallForm form)
    {
        var path = Fields.Where(field => field.Place == FieldPlace.Path)
            .Aggregate(Path, (path, field) => path.Replace($"{{{field.Name}}}", Uri.EscapeDataString(form[field.Name].Trim()), StringComparison.Ordinal));
        return QueryHelpers.AddQueryString(path, Fields
            .Where(field => field.Place == FieldPlace.Query && form[field.Name].Length > 0)
            .Select(field => KeyValuePair.Create(field.Name, (string?)form[field.Name])));
    }

    private static JsonObject ContentOf(CallForm form) => new JsonObject { ["title"] = form["title"], ["content"] = form["content"].ReplaceLineEndings("\n") };

    private static JsonArray SharesOf(string lines) => new(
        [.. lines.Split(['\r', '\n', ',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(share => (JsonNode)new JsonObject { [Ranks.Contains(share) ? "rank" : "user"] = share })]);

    private static string LinesOf(JsonNode? shares) =>
        shares is JsonArray list ? string.Join('\n', list.Select(share => Text(share?["user"] ?? share?["rank"]))) : "";

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private string TextOf(string part) => Texts.ResourceManager.GetString($"Call_{Name.Replace('-', '_')}_{part}", System.Globalization.CultureInfo.CurrentUICulture) ?? Name;
}
