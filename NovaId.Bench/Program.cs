using System.CommandLine;
using System.Globalization;
using System.Net;
using NovaId.Bench;
using NovaId.Bench.Zones;
using NovaId.Operator.Commands;

var zone = new Option<string>("--zone") { Description = "emulator, native (real Ory programs in the folder that NOVAID_ORY_BIN names), or the gateway's address of a zone that runs." };
var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds: for a look, not for a figure." };
var operatorId = new Option<string>("--operator-id") { Description = "The operator's client of a zone that runs.", DefaultValueFactory = _ => "novaid-operator" };
var operatorKeyFile = new Option<string?>("--operator-key-file") { Description = "The file with its private key; NOVAID_OPERATOR_KEY_FILE if nothing is said. Of a client with a secret, NOVAID_OPERATOR_SECRET is that." };
var output = new Option<string?>("--output") { Description = "The folder in which performance.md and its plot are written; nothing is written without it." };
var settings = new Option<string[]>("--api-setting") { Description = "A setting of the API that is started, as Section:Key=value; may stand several times." };
var soak = new Option<TimeSpan?>("--soak")
{
    Description = "Mixed load at a modest rate for so long (90s, 60m, 2h) on the emulator, instead of the benchmark.",
    CustomParser = result => Duration.TryParse(result.Tokens.Single().Value, out var duration)
        ? duration
        : Fail<TimeSpan?>(() => result.AddError("--soak must be a time such as 90s, 60m or 2h.")),
};
var instances = new Option<int?>("--instances") { Description = "Compares so many instances of the API on PostgreSQL, which is started, with one, instead of the benchmark." };
var through = new Option<string?>("--api-through")
{
    Description = "With --instances: the command that starts each instance, such as one that gives it a share of a processor; {n} is the instance's number, from 1 on, and its program and arguments follow.",
};
var cost = new Option<bool>("--cost") { Description = "What one request costs each program of a zone on the real programs, in processor time, instead of the benchmark." };
var starts = new Option<int?>("--starts") { Description = "Compares so many starts of the AppHost in containers with their floor, instead of the benchmark. Needs the engine and the images." };
var against = new Option<string[]>("--against") { Description = "With --starts: another checkout of this repository, whose AppHost starts in turns with this one's; may stand several times." };
var command = new RootCommand("Measures what verifying every request costs, each path as a ratio to its own physical limit.")
{
    zone, quick, operatorId, operatorKeyFile, output, settings, soak, instances, through, cost, starts, against,
};
command.SetAction((parsed, cancellationToken) => BenchCommand.RunAsync(
    new BenchOptions
    {
        Zone = parsed.GetValue(zone) ?? BenchOptions.Emulator,
        IsQuick = parsed.GetValue(quick),
        OperatorId = parsed.GetValue(operatorId)!,
        OperatorKeyFile = parsed.GetValue(operatorKeyFile) ?? Environment.GetEnvironmentVariable("NOVAID_OPERATOR_KEY_FILE"),
        OperatorSecret = Environment.GetEnvironmentVariable("NOVAID_OPERATOR_SECRET"),
        Output = parsed.GetValue(output),
        ApiSettings = BenchOptions.ParseSettings(parsed.GetValue(settings) ?? []),
        Soak = parsed.GetValue(soak),
        Instances = parsed.GetValue(instances),
        ApiThrough = parsed.GetValue(through),
        IsCost = parsed.GetValue(cost),
        Starts = parsed.GetValue(starts),
        Against = parsed.GetValue(against) ?? [],
    },
    Console.Out,
    Console.Error,
    cancellationToken));

// The benchmark starts itself with this verb, so that the zone has a process of its own.
var api = new Option<string>("--api") { Required = true };
var config = new Option<string?>("--config");
var host = new Command(ZoneHost.Verb) { api, config };
host.Hidden = true;
host.SetAction((parsed, cancellationToken) => ZoneHost.RunAsync(
    IPEndPoint.Parse(parsed.GetValue(api)!),
    parsed.GetValue(config),
    Console.In,
    Console.Out,
    cancellationToken));
command.Subcommands.Add(host);

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static T? Fail<T>(Action report)
{
    report();
    return default;
}
