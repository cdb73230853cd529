using System.Diagnostics;
using System.Text.Json.Nodes;
using NovaId.Contract;

namespace NovaId.Tests.Operators;

/// <summary>The operator's program, as a process of its own, and what came of it.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Errors">The error output.</param>
internal sealed record OperatorRun(int Code, string Output, string Errors)
{
    /// <summary>The standard output as the JSON document that it must be after a success.</summary>
    public JsonNode ToJson()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Errors}");
        return JsonNode.Parse(Output)!;
    }

    /// <summary>Runs a command on a zone as its operator.</summary>
    public static Task<OperatorRun> OnAsync(IZone zone, params string[] arguments) => OnAsync(zone.Gateway, zone, arguments);

    /// <summary>Runs a command on a zone as its operator, who asks at another address than the zone's own.</summary>
    public static Task<OperatorRun> OnAsync(Uri gateway, IZone zone, params string[] arguments) => OnAsync(gateway, zone.Gateway, zone.Operator, arguments);

    /// <summary>Runs a command at a gateway as a client.</summary>
    public static Task<OperatorRun> OnAsync(Uri gateway, ServiceClient client, params string[] arguments) => OnAsync(gateway, gateway, client, arguments);

    private static Task<OperatorRun> OnAsync(Uri gateway, Uri zone, ServiceClient client, string[] arguments) => RunAsync(
        arguments,
        ("NOVAID_GATEWAY", gateway.GetLeftPart(UriPartial.Authority)),
        ("NOVAID_PUBLIC_ADDRESS", zone.GetLeftPart(UriPartial.Authority)),
        ("NOVAID_OPERATOR_ID", client.Id),
        client.Key is { } key ? ("NOVAID_OPERATOR_KEY", key) : ("NOVAID_OPERATOR_SECRET", client.Secret));

    /// <summary>Runs a command with nothing in its environment but this.</summary>
    public static Task<OperatorRun> RunAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        RunAsync("", arguments, environment);

    /// <summary>Runs a command with this on its standard input.</summary>
    public static async Task<OperatorRun> RunAsync(string input, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = Prepare(arguments, environment);
        if (input.Length > 0)
        {
            // ProcessRun writes nothing: the shell does.
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "printf '%s' \"$0\" | \"$@\"");
            start.ArgumentList.Insert(0, "-c");
            start.FileName = "sh";
            start.ArgumentList.Insert(2, input);
        }

        var (code, output, errors) = await ProcessRun.RunAsync(start, TestContext.Current.CancellationToken);
        return new(code, output, errors);
    }

    /// <summary>How the program is started.</summary>
    public static ProcessStartInfo Prepare(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "NovaId.Operator.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("NOVAID_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
