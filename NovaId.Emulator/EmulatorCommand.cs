using System.Diagnostics;
using System.Globalization;
using NovaId.Emulator.Configuration;
using NovaId.Operator;
using NovaId.ServiceDefaults;

namespace NovaId.Emulator;

/// <summary>The command <c>dotnet run --project NovaId.Emulator</c>: starts a zone, says how to use it, and keeps it until Ctrl+C.</summary>
internal static class EmulatorCommand
{
    public static async Task<int> RunAsync(EmbeddedZoneOptions options, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            await using var zone = await EmbeddedZone.StartAsync(options, cancellationToken);
            var started = SinceStart();
            await zone.PagesReady;
            await output.WriteAsync(Welcome(zone, started, SinceStart()));
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
        catch (Exception exception) when (exception is ConfigurationException or OperatorException || StartFailure.IsExpected(exception))
        {
            await errors.WriteLineAsync($"NovaId did not start. {string.Join(' ', StartFailure.Causes(exception))}");
            return 1;
        }

        return 0;
    }

    private static TimeSpan SinceStart() => DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime();

    internal static string Welcome(EmbeddedZone zone, TimeSpan started, TimeSpan pages)
    {
        var gateway = zone.Gateway.ToString().TrimEnd('/');
        var address = zone.Address.ToString().TrimEnd('/');
        var someone = zone.People.Single(person => person.Rank == "Captain");
        var text = new System.Text.StringBuilder();
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"NovaId, the emulated zone, ready after {started.TotalSeconds:0.0} s. State is in memory and ends with it; for development only.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"  gateway        {gateway}   everything goes through here");
        if (address != gateway)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  for browsers   {address}   what stands there has to lead to the gateway");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  pages          {address}/   log in, look after an account (ready after {pages.TotalSeconds:0.0} s)");
        text.AppendLine(CultureInfo.InvariantCulture, $"  office         {address}/admin/   people, ranks, keys and the access log, for officers");
        text.AppendLine(CultureInfo.InvariantCulture, $"  demo           {zone.Demo.ToString().TrimEnd('/')}   an app of somebody else: let it in, and see the way of each call");
        text.AppendLine(CultureInfo.InvariantCulture, $"  documentation  {gateway}/api/docs");
        text.AppendLine(CultureInfo.InvariantCulture, $"  API            {zone.Api.ToString().TrimEnd('/')}   accepts only what the gateway has signed");
        text.AppendLine();
        text.AppendLine("  rank        e-mail                      password");
        foreach (var person in zone.People)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {person.Rank,-10}  {person.Email,-26}  {person.Password}");
        }

        text.AppendLine();
        text.AppendLine("Log in, ask who you are, and try what a Captain may not do (paste the three in this order):");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            TOKEN=$(curl -s "$(curl -s {{gateway}}/.ory/kratos/public/self-service/login/api | sed 's/.*"action":"\([^"]*\)".*/\1/')" -H 'Content-Type: application/json' -d '{{Login(someone)}}' | sed 's/.*"session_token":"\([^"]*\)".*/\1/')
            curl -s {{gateway}}/api/me -H "X-Session-Token: $TOKEN"
            curl -s {{gateway}}/api/logs -H "X-Session-Token: $TOKEN"
            """);
        text.AppendLine();
        text.AppendLine("As the operator, who passes every /svc route (docs/operator.md):");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"export NOVAID_GATEWAY={gateway}{(address == gateway ? "" : $" NOVAID_PUBLIC_ADDRESS={address}")} NOVAID_OPERATOR_KEY_FILE={zone.OperatorKeyFile}");
        text.AppendLine("dotnet run --project NovaId.Operator -- sessions captain@novaid.local");
        text.AppendLine();
        text.AppendLine("Ctrl+C stops everything.");
        return text.ToString();
    }

    /// <summary>The body of the login, fit to stand between single quotes in a shell.</summary>
    private static string Login(SeededPerson person) =>
        new System.Text.Json.Nodes.JsonObject { ["method"] = "password", ["identifier"] = person.Email, ["password"] = person.Password }
            .ToJsonString()
            .Replace("'", """'\''""", StringComparison.Ordinal);
}
