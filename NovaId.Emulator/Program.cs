using System.CommandLine;
using NovaId.Emulator;

var port = new Option<int>("--port") { Description = "The gateway's port on 127.0.0.1 and ::1; 0 takes a free one.", DefaultValueFactory = _ => 4455 };
var apiPort = new Option<int>("--api-port") { Description = "The API's port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8080 };
var demoPort = new Option<int>("--demo-port") { Description = "The port of the demo, an app of somebody else, on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 4460 };
var address = new Option<string?>("--address") { Description = "The address under which browsers know the zone, for example https://id.example.org, where something in front of the gateway ends TLS; http://localhost and the port if nothing is said." };
var password = new Option<string?>("--password") { Description = "One password for every seeded person, instead of a generated one each." };
var config = new Option<string?>("--config") { Description = "The ory-config folder; by default the nearest one above the working directory." };
var logLevel = new Option<LogLevel>("--log-level") { Description = "The lowest level that is logged; Information shows every decision.", DefaultValueFactory = _ => LogLevel.Warning };
var command = new RootCommand("A whole NovaId zone in one process, for development: the gateway, Kratos, Keto and Hydra in memory, the API, and the pages for people.")
{
    port, apiPort, demoPort, address, password, config, logLevel,
};
command.SetAction((parsed, cancellationToken) => EmulatorCommand.RunAsync(
    new EmbeddedZoneOptions
    {
        GatewayPort = parsed.GetValue(port),
        ApiPort = parsed.GetValue(apiPort),
        DemoPort = parsed.GetValue(demoPort),
        Address = parsed.GetValue(address),
        Password = parsed.GetValue(password),
        ConfigurationFolder = parsed.GetValue(config),
        LogLevel = parsed.GetValue(logLevel),
        MailAnnouncements = Console.Out,
    },
    Console.Out,
    Console.Error,
    cancellationToken));
var check = new Command("check", "Reads the whole configuration as a start would, and starts nothing.") { config };
check.SetAction(parsed => ConfigurationCheck.Run(parsed.GetValue(config), Console.Out, Console.Error));
command.Add(check);
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(5) });
