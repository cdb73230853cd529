using NovaId.Operator;

namespace NovaId.AppHost.Operator;

/// <summary>What the operator can do from the dashboard.</summary>
internal static class OperatorCommands
{
    private const string Person = "person";
    private const string Rank = "rank";
    private const string None = "none";
    private const string Name = "name";
    private const string Scopes = "scopes";
    private const string Capabilities = "capabilities";

    public static IResourceBuilder<OperatorResource> WithOperatorCommands(
        this IResourceBuilder<OperatorResource> builder, OperatorClient client, ZoneConfiguration zone)
    {
        var person = new InteractionInput
        {
            Name = Person,
            Label = "Person",
            InputType = InputType.Text,
            Required = true,
            Placeholder = "e-mail address or identity id",
        };
        builder.Add("set-rank", "Give or take a rank", "Ribbon", [person, RankInput(zone)], async (arguments, token) =>
        {
            var rank = arguments[Rank].Value is { } value && value != None ? value : null;
            var found = await client.FindAsync(arguments[Person].Value!, token);
            await client.SetRankAsync(found.Id, rank, token);
            return CommandResults.Success(rank is null ? $"{arguments[Person].Value} has no rank now." : $"{arguments[Person].Value} is a {rank} now.");
        });
        builder.Add("deactivate", "Deactivate a person", "PersonProhibited", [person], async (arguments, token) =>
        {
            var found = await client.FindAsync(arguments[Person].Value!, token);
            await client.DeactivateAsync(found.Id, token);
            return CommandResults.Success($"{arguments[Person].Value} is inactive, and every session has ended.");
        });
        builder.Add("activate", "Activate a person", "PersonAvailable", [person], async (arguments, token) =>
        {
            var found = await client.FindAsync(arguments[Person].Value!, token);
            await client.SetActiveAsync(found.Id, true, token);
            return CommandResults.Success($"{arguments[Person].Value} is active and can log in.");
        });
        builder.Add("revoke-sessions", "Revoke sessions", "SignOut", [person], async (arguments, token) =>
        {
            var found = await client.FindAsync(arguments[Person].Value!, token);
            await client.EndSessionsAsync(found.Id, token);
            return CommandResults.Success($"Every session of {arguments[Person].Value} has ended.");
        });
        builder.Add("new-api-key", "New API key", "KeyMultiple", [person, .. KeyInputs(zone)], async (arguments, token) =>
        {
            var scopes = Words(arguments[Scopes].Value ?? "", ApiKey.AllScopes, "scope");
            var capabilities = Words(arguments[Capabilities].Value ?? "", zone.Capabilities, "capability");
            var owner = await client.FindAsync(arguments[Person].Value!, token);
            var (id, secret) = await client.CreateKeyAsync(owner.Id, arguments[Name].Value!, scopes, capabilities, token);
            var text = $"""
                | | |
                |---|---|
                | client id | `{id}` |
                | client secret, shown this once | `{secret}` |

                It passes a capability for as long as its owner holds it too. Its token: `POST /oauth2/token`, `grant_type=client_credentials`, `audience=novaid-api`.
                """;
            return CommandResults.Success($"A key of {arguments[Person].Value}.", text, CommandResultFormat.Markdown, displayImmediately: true);
        });
        return builder;
    }

    private static InteractionInput RankInput(ZoneConfiguration zone) => new()
    {
        Name = Rank,
        Label = "Rank",
        InputType = InputType.Choice,
        Required = true,
        Options = [.. zone.Ranks.Append(None).Select(rank => KeyValuePair.Create(rank, rank))],
    };

    private static InteractionInput[] KeyInputs(ZoneConfiguration zone) =>
    [
        new() { Name = Name, Label = "Name", InputType = InputType.Text, Required = true, Placeholder = "what the key is for", MaxLength = 100 },
        new() { Name = Scopes, Label = "Scopes", InputType = InputType.Text, Required = true, Value = ApiKey.AllScopes[0], Placeholder = string.Join(' ', ApiKey.AllScopes) },
        new() { Name = Capabilities, Label = "Capabilities", InputType = InputType.Text, Placeholder = string.Join(' ', zone.Capabilities) },
    ];

    private static string[] Words(string text, IReadOnlyList<string> known, string kind)
    {
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.FirstOrDefault(word => !known.Contains(word)) is { } unknown
            ? throw new OperatorException($"There is no {kind} '{unknown}'. Choose from {string.Join(", ", known)}.")
            : words;
    }

    private static void Add(
        this IResourceBuilder<OperatorResource> builder,
        string name,
        string displayName,
        string icon,
        IReadOnlyList<InteractionInput> arguments,
        Func<InteractionInputCollection, CancellationToken, Task<ExecuteCommandResult>> execute) =>
        builder.WithCommand(
            name,
            displayName,
            async context =>
            {
                try
                {
                    return await execute(context.Arguments, context.CancellationToken);
                }
                catch (OperatorException exception)
                {
                    return CommandResults.Failure(exception.Message);
                }
            },
            new CommandOptions
            {
                IconName = icon,
                Arguments = arguments,
                UpdateState = context => Waits(context.ResourceSnapshot) ? ResourceCommandState.Disabled : ResourceCommandState.Enabled,
            });

    private static bool Waits(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is null || snapshot.State.Text == KnownResourceStates.NotStarted || snapshot.State.Text == KnownResourceStates.Waiting;
}
