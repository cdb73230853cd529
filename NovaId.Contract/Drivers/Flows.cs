using System.Text.Json;
using System.Text.RegularExpressions;

namespace NovaId.Contract.Drivers;

/// <summary>What the flows with codes have in common.</summary>
public static partial class Flows
{
    /// <summary>The same message for two flows is the same text, once their ids, their times and their addresses are taken out.</summary>
    public static string WithoutWhatDiffers(Reply flow, string email)
    {
        var text = JsonSerializer.Serialize(flow.Json).Replace(email, "address", StringComparison.Ordinal);
        return Time().Replace(Id().Replace(text, "id"), "time");
    }

    /// <summary>A code that is not the right one.</summary>
    public static string WrongCode(string code) => code[..5] + (code[5] == '0' ? '1' : '0');

    /// <summary>The id in the address of a flow.</summary>
    public static string IdOf(string action) => Id().Match(action).Value;

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")]
    private static partial Regex Time();
}
