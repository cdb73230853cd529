using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Api.Gateway;

namespace NovaId.Operator.Commands;

/// <summary>The operator's command line.</summary>
internal sealed class OperatorProgram
{
    private const string GatewayVariable = "NOVAID_GATEWAY";
    private const string ClientVariable = "NOVAID_OPERATOR_ID";
    private const string GeneralVariable = "NOVAID_GENERAL";
    private const string ConfigurationVariable = "NOVAID_CONFIGURATION";
    private const string ZoneVariable = "NOVAID_PUBLIC_ADDRESS";
    private const string DefaultGateway = "http://localhost:4455";
    private const string NoRank = "none";
    private const string Text = "text";
    private const string Json = "json";
    private const int LongestName = 100;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Func<string, string?> _environment;
    private readonly TextReader _input;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private readonly Option<string?> _gateway = new("--gateway") { Description = $"The gateway's address; {GatewayVariable}, else {DefaultGateway}, if nothing is said.", Recursive = true };
    private readonly Option<string?> _client = new("--client-id") { Description = $"The operator's client; {ClientVariable}, else {OperatorAccount.DefaultClientId}, if nothing is said.", Recursive = true };
    private readonly Option<string?> _secretFile = new(SecretSource.Secret.Option) { Description = $"A file with the client's secret, or - for the standard input; else {SecretSource.Secret.FileVariable} names one, or {SecretSource.Secret.Variable} holds the secret.", Recursive = true };
    private readonly Option<string?> _keyFile = new(SecretSource.Key.Option) { Description = $"A file with the client's private key in place of a secret, or - for the standard input; else {SecretSource.Key.FileVariable} names one, or {SecretSource.Key.Variable} holds the key.", Recursive = true };
    private readonly Option<string?> _zone = new("--public-address") { Description = $"With a key: the zone's address for everybody, where the gateway is asked at another one; {ZoneVariable}, else the gateway's address, if nothing is said.", Recursive = true };
    private readonly Option<string?> _configuration = new("--configuration") { Description = $"The ory-config folder; {ConfigurationVariable}, else what this version comes with, if nothing is said.", Recursive = true };
    private readonly Option<TimeSpan> _timeout = new("--timeout") { Description = "How long it may take, such as 90s or 10m; 1m if nothing is said.", Recursive = true, CustomParser = Timeout, DefaultValueFactory = _ => DefaultTimeout };
    private readonly Option<string> _format = new("--output") { Description = "text for people, json for scripts.", Recursive = true, DefaultValueFactory = _ => Text };
    private readonly Option<string?> _secret = new("--secret", "--client-secret") { Hidden = true, Recursive = true };
    private readonly Argument<string> _who = new("who") { Description = "An e-mail address, or the id of an identity." };

    private OperatorProgram(Func<string, string?> environment, TextReader input, TextWriter output, TextWriter errors)
    {
        (_environment, _input, _output, _errors) = (environment, input, output, errors);
        _format.AcceptOnlyFromAmong(Text, Json);
        _secret.Validators.Add(result => result.AddError(
            $"A secret on the command line stands in the shell's history and in everybody's list of processes. Put it into {SecretSource.Secret.Variable}, or into a file that --secret-file names, and change the one that was typed here."));
    }

    /// <summary>Runs one command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args, Func<string, string?> environment, TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        var parsed = new OperatorProgram(environment, input, output, errors).Command().Parse(args);
        var invocation = new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        var code = await parsed.InvokeAsync(invocation, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCode.BadInput : code;
    }

    private RootCommand Command() =>
        new("The operator of a NovaId zone. It asks through the gateway as everybody does. Exit code: 0 done, or nothing to do; 1 refused; 2 something given is wrong; 3 the zone does not answer, or not in time; 4 the operator's own key or secret was refused; 130 stopped.")
        {
            Seed(), RankOf(), Deactivate(), Activate(), Sessions(), Recover(), Key(), Rotate(), PublicKey(), Token(), new AuthorityCommand(Output).Describe(),
            _gateway, _client, _secretFile, _keyFile, _zone, _configuration, _timeout, _format, _secret,
        };

    private Command Seed()
    {
        var general = new Option<string?>("--general") { Description = $"The e-mail address of the first General, where the zone has none; {GeneralVariable} if nothing is said. The account has no password: it opens by a recovery." };
        var wait = new Option<bool>("--wait") { Description = "Waits, as long as --timeout says, until the zone answers." };
        var command = new Command("seed", "Brings ranks and capabilities to what the configuration says, and makes the first General. What is so already stays.") { general, wait };
        Run(command, async (parsed, client, output, token) =>
        {
            var named = parsed.GetValue(general) ?? _environment(GeneralVariable);
            var seed = new ZoneSeed(client, Configuration(parsed), string.IsNullOrWhiteSpace(named) ? null : Address(named.Trim()));
            var result = parsed.GetValue(wait) ? await WaitAsync(seed, output, token) : await seed.RunAsync(token);
            await output.WriteAsync(
                new JsonObject { ["changed"] = result.HasChanged, ["tuplesAdded"] = result.TuplesAdded, ["tuplesRemoved"] = result.TuplesRemoved, ["general"] = result.General },
                !result.HasChanged ? "The zone is seeded already. Nothing was changed."
                    : $"The zone is seeded: {result.TuplesAdded} relation tuples added, {result.TuplesRemoved} removed."
                        + (result.General is { } made ? $" The first General is {made}, without a password: let them choose 'Forgot your password', or make a code with the command recover." : ""));
        });
        return command;
    }

    private Command RankOf()
    {
        var rank = new Argument<string>("rank") { Description = $"A rank, or {NoRank}." };
        var command = new Command("rank", "Gives a person one rank, or takes it.") { _who, rank };
        Run(command, async (parsed, client, output, token) =>
        {
            var wanted = parsed.GetValue(rank)!;
            var known = Configuration(parsed).Ranks.Append(NoRank);
            var next = Known(wanted, [.. known], "rank") is NoRank ? null : wanted;
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            var changed = await client.SetRankAsync(person.Id, next, token);
            await output.WriteAsync(
                Describe(person, changed, ("rank", next)),
                $"{person.Email} {(next is null ? "has no rank" : $"is a {next}")} {(changed ? "now" : "already. Nothing was changed")}.");
        });
        return command;
    }

    private Command Deactivate()
    {
        var command = new Command("deactivate", "Shuts a person out, and ends every session.") { _who };
        Run(command, async (parsed, client, output, token) =>
        {
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            await client.DeactivateAsync(person.Id, token);
            await output.WriteAsync(
                Describe(person, person.IsActive, ("state", "inactive")),
                $"{person.Email} is inactive {(person.IsActive ? "now" : "already")}, and every session has ended.");
        });
        return command;
    }

    private Command Activate()
    {
        var command = new Command("activate", "Lets a person log in again.") { _who };
        Run(command, async (parsed, client, output, token) =>
        {
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            await client.SetActiveAsync(person.Id, true, token);
            await output.WriteAsync(
                Describe(person, !person.IsActive, ("state", "active")),
                $"{person.Email} is active {(person.IsActive ? "already" : "now")}, and can log in.");
        });
        return command;
    }

    private Command Sessions()
    {
        var end = new Option<string?>("--end") { Description = "Ends the session with this id; all of them if none is named.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("sessions", "Lists where a person is logged in, or ends that.") { _who, end };
        Run(command, async (parsed, client, output, token) =>
        {
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            var active = (await client.ListSessionsAsync(person.Id, token)).Where(session => session.IsActive).ToArray();
            if (parsed.GetResult(end) is null)
            {
                await output.WriteAsync(
                    new JsonObject { ["id"] = person.Id, ["email"] = person.Email, ["sessions"] = new JsonArray([.. active.Select(Describe)]) },
                    Table(active, ["session", "logged in", "until", "level", "device"], session => [session.Id, Shown(session.AuthenticatedAt), Shown(session.ExpiresAt), session.AssuranceLevel, session.Device], $"{person.Email} is logged in nowhere."));
                return;
            }

            if (parsed.GetValue(end) is { } one)
            {
                var session = active.FirstOrDefault(session => session.Id == one)
                    ?? throw new OperatorException($"{person.Email} has no active session '{one}'. List them with: sessions {person.Email}");
                await client.EndSessionAsync(session.Id, token);
                active = [session];
            }
            else
            {
                await client.EndSessionsAsync(person.Id, token);
            }

            await output.WriteAsync(
                Describe(person, active.Length > 0, ("ended", active.Length)),
                active.Length == 0 ? $"{person.Email} was logged in nowhere. Nothing was changed." : string.Create(CultureInfo.InvariantCulture, $"{active.Length} sessions of {person.Email} have ended."));
        });
        return command;
    }

    private Command Recover()
    {
        var command = new Command("recover", "Makes a code with which a person gets in again and sets a password. It is shown this once.") { _who };
        Run(command, async (parsed, client, output, token) =>
        {
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            var code = await client.CreateRecoveryCodeAsync(person.Id, token);
            await output.WriteAsync(
                Describe(person, true, ("code", code.Code), ("link", code.Link), ("expiresAt", Iso(code.ExpiresAt))),
                $"{person.Email} opens {code.Link} and enters {code.Code}. It is good once, until {Shown(code.ExpiresAt)}.");
        });
        return command;
    }

    private Command Key()
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = $"What its tokens may: {string.Join(", ", ApiKey.AllScopes)}.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [ApiKey.AllScopes[0]] };
        var capabilities = new Option<string[]>("--capability") { Description = "A capability that it may use while its owner holds it too.", AllowMultipleArgumentsPerToken = true };
        var add = new Command("add", "Makes an API key of a person. Its secret is shown this once.") { _who, name, scopes, capabilities };
        Run(add, async (parsed, client, output, token) =>
        {
            var configuration = Configuration(parsed);
            string[] wantedScopes = [.. parsed.GetValue(scopes)!.Select(scope => Known(scope, ApiKey.AllScopes, "scope")).Distinct()];
            string[] wantedCapabilities = [.. (parsed.GetValue(capabilities) ?? []).Select(capability => Known(capability, configuration.Capabilities, "capability")).Distinct()];
            var title = parsed.GetValue(name)!.Trim();
            if (title.Length is 0 or > LongestName || title.Any(char.IsControl))
            {
                throw new OperatorException($"--name must be 1 to {LongestName} characters of one line.") { Failure = OperatorFailure.BadInput };
            }

            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            var key = await client.CreateKeyAsync(person.Id, title, wantedScopes, wantedCapabilities, token);
            await output.WriteAsync(
                Describe(person, true, ("clientId", key.ClientId), ("clientSecret", key.Secret)),
                $"{Shown(key)} Its token: POST /oauth2/token with client_secret_basic, grant_type=client_credentials, audience=novaid-api.");
        });

        var list = new Command("list", "Lists the API keys of a person.") { _who };
        Run(list, async (parsed, client, output, token) =>
        {
            var person = await client.FindAsync(parsed.GetValue(_who)!, token);
            var keys = await client.ListKeysAsync(person.Id, token);
            await output.WriteAsync(
                new JsonObject { ["id"] = person.Id, ["email"] = person.Email, ["keys"] = new JsonArray([.. keys.Select(Describe)]) },
                Table(keys, ["key", "name", "made", "scopes", "capabilities"], key => [key.Id, key.Name, Shown(key.CreatedAt), string.Join(' ', key.Scopes), string.Join(' ', key.Capabilities)], $"{person.Email} has no API key."));
        });

        var id = new Argument<string>("key") { Description = "The id of the key." };
        var revoke = new Command("revoke", "Removes an API key, and ends every token of it.") { id };
        Run(revoke, async (parsed, client, output, token) =>
        {
            var key = parsed.GetValue(id)!;
            if (!ApiKey.IsId(key))
            {
                throw new OperatorException($"'{key}' is not the id of an API key. List them with: key list <who>") { Failure = OperatorFailure.BadInput };
            }

            var existed = await client.DeleteKeyAsync(key, token);
            await output.WriteAsync(
                new JsonObject { ["clientId"] = key, ["changed"] = existed },
                existed ? $"{key} is revoked, and every token of it has ended." : $"There is no {key}. Nothing was changed.");
        });
        return new Command("key", "API keys of people.") { add, list, revoke };
    }

    private Command Rotate()
    {
        var id = new Argument<string>("client") { Description = "A service client of the zone, such as novaid-api." };
        var finish = new Option<bool>("--finish") { Description = "With keys: takes away the old one, once the program has the new one." };
        var undo = new Option<bool>("--undo") { Description = "With keys: takes away the new one." };
        var command = new Command("rotate", "Gives a service client of the zone a new secret, which is shown this once; every token of it ends at once. A client with keys gets a new key beside the old one, and nothing ends until --finish.") { id, finish, undo };
        command.Validators.Add(result =>
        {
            if (result.GetValue(finish) && result.GetValue(undo))
            {
                result.AddError("--finish takes the old key away and --undo the new one. Say one of them.");
            }
        });
        Run(command, async (parsed, client, output, token) =>
        {
            var (who, configuration) = (parsed.GetValue(id)!, Configuration(parsed));
            if (parsed.GetValue(finish) || parsed.GetValue(undo))
            {
                var (left, changed) = await client.EndKeyRotationAsync(who, configuration, keepNew: parsed.GetValue(finish), token);
                await output.WriteAsync(
                    new JsonObject { ["clientId"] = who, ["jwks"] = JsonNode.Parse(left), ["changed"] = changed },
                    changed ? $"{who} has one key now. Where hydra-clients takes its public half from, there must be: {left}" : $"{who} has one key already. Nothing was changed.");
                return;
            }

            if (await client.HasKeysAsync(who, configuration, token))
            {
                var key = await client.BeginKeyRotationAsync(who, configuration, token);
                await output.WriteAsync(
                    new JsonObject
                    {
                        ["clientId"] = key.ClientId,
                        ["privateKey"] = key.Pem,
                        ["publicKey"] = JsonNode.Parse(key.PublicKey),
                        ["jwks"] = JsonNode.Parse(key.PublicKeys),
                        ["changed"] = true,
                    },
                    $"client id      {key.ClientId}\n{key.Pem}\nThe key is shown this once, and the old one is good beside it. Put it where the program takes it from, and its public half where hydra-clients takes it from: {key.PublicKey}\nStart the program again, and then say: rotate {key.ClientId} --finish");
                return;
            }

            var secret = await client.RotateSecretAsync(who, configuration, token);
            await output.WriteAsync(
                new JsonObject { ["clientId"] = secret.ClientId, ["clientSecret"] = secret.Secret, ["changed"] = true },
                $"{Shown(secret)} Put it where the program and hydra-clients take it from, and start the program again: until then it is refused.");
        });
        return command;
    }

    private Command PublicKey()
    {
        var command = new Command("public-key", "Writes the public half of the private key as Hydra registers it, a JSON Web Key Set. It asks nobody.");
        RunAlone(command, async (parsed, output, token) =>
        {
            using var key = await ReadKeyAsync(parsed, ClientKey.Parse, token);
            var set = ClientKey.ToSet([key.ToPublicJwk()]);
            await output.WriteAsync(set, set.ToJsonString());
        });
        return command;
    }

    private Command Token()
    {
        var scopes = new Option<string[]>("--scope") { Description = "What it opens, such as mail.read: scopes of the operator's client in hydra/clients.json.", AllowMultipleArgumentsPerToken = true, Required = true };
        var command = new Command("token", "Gets a token for the /svc routes of the gateway, for programs such as curl that cannot prove themselves with a key. It is good for some minutes.") { scopes };
        Run(command, async (parsed, client, output, token) =>
        {
            var made = await client.GetTokenAsync(string.Join(' ', parsed.GetValue(scopes)!), token);
            await output.WriteAsync(new JsonObject { ["token"] = made.Value, ["expiresAt"] = Iso(made.ExpiresAt) }, made.Value);
        });
        return command;
    }

    private void Run(Command command, Func<ParseResult, OperatorClient, CommandOutput, CancellationToken, Task> run) =>
        RunAlone(command, async (parsed, output, token) =>
        {
            var gateway = Gateway(parsed.GetValue(_gateway) ?? _environment(GatewayVariable) ?? DefaultGateway, "--gateway");
            using var client = new OperatorClient(gateway, await ReadAccountAsync(parsed, token));
            await run(parsed, client, output, token);
        });

    /// <summary>The operator's client, with what it proves itself with.</summary>
    private async Task<OperatorAccount> ReadAccountAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_client) ?? _environment(ClientVariable) ?? OperatorAccount.DefaultClientId;
        if (SecretSource.Secret.IsGiven(parsed.GetValue(_secretFile), _environment))
        {
            if (!SecretSource.Key.IsGiven(parsed.GetValue(_keyFile), _environment))
            {
                return OperatorAccount.WithSecret(await SecretSource.Secret.ReadAsync(parsed.GetValue(_secretFile), _environment, _input, cancellationToken), id);
            }

            throw new OperatorException("A secret and a key are given, but the operator's client proves itself in one way. Leave the one that it is registered with at Hydra.") { Failure = OperatorFailure.BadInput };
        }

        var zone = (parsed.GetValue(_zone) ?? _environment(ZoneVariable)) is { Length: > 0 } address ? Gateway(address, "--public-address") : null;
        return await ReadKeyAsync(parsed, pem => OperatorAccount.WithKey(pem, id, zone), cancellationToken);
    }

    private async Task<T> ReadKeyAsync<T>(ParseResult parsed, Func<string, T> use, CancellationToken cancellationToken)
    {
        var pem = await SecretSource.Key.ReadAsync(parsed.GetValue(_keyFile), _environment, _input, cancellationToken);
        try
        {
            return use(pem);
        }
        catch (FormatException exception)
        {
            throw new OperatorException($"The private key of the operator's client {exception.Message}. {ClientKey.Remedy}") { Failure = OperatorFailure.BadInput };
        }
    }

    private CommandOutput Output(ParseResult parsed) => new(parsed.GetValue(_format) == Json, _output, _errors);

    private void RunAlone(Command command, Func<ParseResult, CommandOutput, CancellationToken, Task> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Output(parsed);
            var timeout = parsed.GetValue(_timeout);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            try
            {
                await run(parsed, output, limit.Token);
                return ExitCode.Done;
            }
            catch (OperatorException exception)
            {
                return await FailAsync(exception.Message, ExitCode.Of(exception.Failure));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return await FailAsync("Stopped. What was done stays; the same command again does the rest.", ExitCode.Stopped);
            }
            catch (OperationCanceledException)
            {
                return await FailAsync(string.Create(CultureInfo.InvariantCulture, $"It was not done within {timeout.TotalSeconds:0} s. What was done stays; the same command again does the rest, with a longer --timeout if need be."), ExitCode.Unavailable);
            }

            async Task<int> FailAsync(string message, int code)
            {
                await output.WriteErrorAsync(message, code);
                return code;
            }
        });

    private static TimeSpan Timeout(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Duration.TryParse(text, out var duration) && duration <= LongestTimeout)
        {
            return duration;
        }

        result.AddError($"--timeout is '{text}'. Write a time such as 90s or 10m, a day at the most.");
        return default;
    }

    /// <summary>Seeds as soon as the zone answers. Its client may not have been made yet either.</summary>
    private static async Task<SeedResult> WaitAsync(ZoneSeed seed, CommandOutput output, CancellationToken cancellationToken)
    {
        OperatorException? last = null;
        try
        {
            while (true)
            {
                try
                {
                    return await seed.RunAsync(cancellationToken);
                }
                catch (OperatorException exception) when (exception.Failure is OperatorFailure.Unavailable or OperatorFailure.NotAuthenticated)
                {
                    if (exception.Message != last?.Message)
                    {
                        await output.WriteProgressAsync($"Waiting. {exception.Message}");
                    }

                    last = exception;
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (last is not null)
        {
            throw new OperatorException($"The zone was not ready in time. {last.Message}", last) { Failure = last.Failure };
        }
    }

    private ZoneConfiguration Configuration(ParseResult parsed) =>
        (parsed.GetValue(_configuration) ?? _environment(ConfigurationVariable)) is { Length: > 0 } folder ? ZoneConfiguration.Read(folder) : ZoneConfiguration.Default;

    private static Uri Gateway(string text, string option) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? address
            : throw new OperatorException($"{option} must be an address without a path, such as {DefaultGateway}.") { Failure = OperatorFailure.BadInput };

    private static string Address(string text) =>
        System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text
            ? text
            : throw new OperatorException($"'{text}' is no e-mail address. Name the first General by one.") { Failure = OperatorFailure.BadInput };

    private static string Known(string word, IReadOnlyList<string> known, string kind) =>
        known.Contains(word) ? word : throw new OperatorException($"There is no {kind} '{word}'. Choose from {string.Join(", ", known)}.") { Failure = OperatorFailure.BadInput };

    private static JsonObject Describe(Person person, bool changed, params (string Name, JsonNode? Value)[] more)
    {
        var document = new JsonObject { ["id"] = person.Id, ["email"] = person.Email, ["changed"] = changed };
        foreach (var (name, value) in more)
        {
            document[name] = value;
        }

        return document;
    }

    private static JsonNode Describe(PersonSession session) => new JsonObject
    {
        ["id"] = session.Id,
        ["authenticatedAt"] = Iso(session.AuthenticatedAt),
        ["expiresAt"] = Iso(session.ExpiresAt),
        ["assuranceLevel"] = session.AssuranceLevel,
        ["device"] = session.Device,
    };

    private static JsonNode Describe(ApiKey key) => new JsonObject
    {
        ["clientId"] = key.Id,
        ["name"] = key.Name,
        ["createdAt"] = Iso(key.CreatedAt),
        ["scopes"] = new JsonArray([.. key.Scopes.Select(scope => (JsonNode)scope)]),
        ["capabilities"] = new JsonArray([.. key.Capabilities.Select(capability => (JsonNode)capability)]),
    };

    private static string? Iso(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Shown(NewSecret secret) => $"client id      {secret.ClientId}\nclient secret  {secret.Secret}\nThe secret is shown this once.";

    private static string Shown(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Columns side by side. What somebody else wrote is shown without the characters that a terminal obeys.</summary>
    private static string Table<T>(IReadOnlyCollection<T> items, string[] head, Func<T, string?[]> cells, string nothing)
    {
        if (items.Count == 0)
        {
            return nothing;
        }

        string[][] rows = [head, .. items.Select(item => cells(item).Select(cell => TerminalText.Of(cell ?? "")).ToArray())];
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var line = row.Select((cell, column) => cell.PadRight(rows.Max(other => other[column].Length)));
            text.Append(text.Length > 0 ? "\n" : "").Append(string.Join("  ", line).TrimEnd());
        }

        return text.ToString();
    }
}
