using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using NovaId.Certificates;
using NovaId.Operator.Certificates;

namespace NovaId.Operator.Commands;

/// <summary>The command that signs the certificates of a zone's servers for as long as it runs. It asks nobody.</summary>
internal sealed class AuthorityCommand
{
    private const string AuthorityName = "authority";
    private const string Servers = "--server";
    private const string RestartedServers = "--restarted-server";
    private const string ClientFolders = "--client";

    /// <summary>How many times it is looked within one certificate's time.</summary>
    private const int Looks = 30;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly Option<string> _keyFolder = new("--key-folder") { Description = "The folder that keeps the authority, for this user alone.", Required = true };
    private readonly Option<string> _folder = new("--folder") { Description = "The folder with a folder for each server and each --client, of its name.", Required = true };
    private readonly Option<string> _lifetime = new("--lifetime") { Description = "How long a certificate counts, such as 72h: from a minute to 30 days. It is replaced when a third of that is left.", DefaultValueFactory = _ => "72h" };
    private readonly Option<string[]> _servers = new(Servers) { Description = "NAME=USER:DNS,DNS: a server, the numeric id of the user who reads its key, and the names by which it is called.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _restarted = new(RestartedServers) { Description = "Likewise, of a server that is started again for a new certificate: it counts 30 days.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _clients = new(ClientFolders) { Description = "The name of a folder in which the authority's certificate stands alone.", DefaultValueFactory = _ => [] };
    private readonly Option<bool> _check = new("--check") { Description = "Signs nothing and ends: with exit code 0 if everything is there and counts." };

    private readonly Func<ParseResult, CommandOutput> _output;

    /// <param name="output">Where it says what it does.</param>
    public AuthorityCommand(Func<ParseResult, CommandOutput> output) => _output = output;

    /// <summary>The command.</summary>
    public Command Describe()
    {
        var command = new Command("authority", "Signs the certificates of a zone's servers, and replaces each when a third of its time is left, until it is stopped. It asks nobody, and needs no network.")
        {
            _keyFolder, _folder, _lifetime, _servers, _restarted, _clients, _check,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = _output(parsed);
            try
            {
                var keeper = Read(parsed);
                return parsed.GetValue(_check) ? await CheckAsync(keeper, output) : await SignAsync(keeper, parsed.GetValue(_keyFolder)!, output, cancellationToken);
            }
            catch (OperatorException exception)
            {
                await output.WriteErrorAsync(exception.Message, ExitCode.BadInput);
                return ExitCode.BadInput;
            }
            catch (CertificateAuthorityException exception)
            {
                await output.WriteErrorAsync(exception.Message, ExitCode.BadInput);
                return ExitCode.BadInput;
            }
        });
        return command;
    }

    private CertificateKeeper Read(ParseResult parsed)
    {
        var text = parsed.GetValue(_lifetime)!;
        if (!Duration.TryParse(text, out var lifetime) || lifetime < Shortest || lifetime > CertificateAuthority.LastDays)
        {
            throw Wrong($"--lifetime is '{text}'. Write a time from 1m to 720h, such as 72h.");
        }

        CertifiedServer[] servers =
        [
            .. parsed.GetValue(_servers)!.Select(server => CertifiedServer.Parse(server, isRestarted: false, Servers)),
            .. parsed.GetValue(_restarted)!.Select(server => CertifiedServer.Parse(server, isRestarted: true, RestartedServers)),
        ];
        var clients = parsed.GetValue(_clients)!;
        if (clients.FirstOrDefault(client => !CertifiedServer.IsFolder(client)) is { } client)
        {
            throw Wrong($"{ClientFolders} is '{client}'. Write the name of a folder: letters, digits, hyphens and underscores.");
        }

        return clients.Concat(servers.Select(server => server.Name)).CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice
            ? throw Wrong($"'{twice}' is named twice. Name each server and each folder once.")
            : new(parsed.GetValue(_folder)!, servers, clients, lifetime, TimeProvider.System);
    }

    private static async Task<int> CheckAsync(CertificateKeeper keeper, CommandOutput output)
    {
        string[] missing = [.. keeper.Missing()];
        if (missing.Length > 0)
        {
            await output.WriteErrorAsync(string.Join('\n', missing), ExitCode.Refused);
            return ExitCode.Refused;
        }

        await output.WriteAsync(new JsonObject { ["healthy"] = true }, "Everything is there and counts.");
        return ExitCode.Done;
    }

    private static async Task<int> SignAsync(CertificateKeeper keeper, string keyFolder, CommandOutput output, CancellationToken cancellationToken)
    {
        using var authority = CertificateAuthority.Keep(keyFolder, AuthorityName, keeper.Clock, CertificateAuthority.PublishedLifetime);
        var pause = keeper.Lifetime / Looks < LongestPause ? keeper.Lifetime / Looks : LongestPause;
        var (isNearItsEnd, failures) = (false, Array.Empty<string>());
        try
        {
            while (true)
            {
                CertificateReport[] reports = [.. keeper.Fill(authority)];
                foreach (var report in reports.Where(report => !report.IsFailure))
                {
                    await output.WriteAsync(new JsonObject { ["done"] = report.Text }, report.Text);
                }

                string[] failed = [.. reports.Where(report => report.IsFailure).Select(report => report.Text)];
                foreach (var failure in failed.Except(failures))
                {
                    await output.WriteErrorAsync(failure, ExitCode.Refused);
                }

                failures = failed;
                if (!isNearItsEnd && authority.NotAfter - keeper.Clock.GetUtcNow() <= CertificateAuthority.LastDays)
                {
                    isNearItsEnd = true;
                    await output.WriteErrorAsync(
                        string.Create(CultureInfo.InvariantCulture, $"The authority counts until {authority.NotAfter:u}, and nothing that it signs counts longer. Start the zone again, all of it: this makes a new one then."),
                        ExitCode.Refused);
                }

                await Task.Delay(failed.Length > 0 && PauseAfterFailure < pause ? PauseAfterFailure : pause, keeper.Clock, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
    }

    private static OperatorException Wrong(string message) => new(message) { Failure = OperatorFailure.BadInput };
}
