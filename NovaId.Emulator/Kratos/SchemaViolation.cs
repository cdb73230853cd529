namespace NovaId.Emulator.Kratos;

/// <summary>What of a document a schema does not allow, with the pointers by which Kratos reports it.</summary>
/// <param name="Message">The text.</param>
/// <param name="Instance">Where in the document, as a JSON pointer fragment.</param>
/// <param name="Schema">Where in the schema, as a JSON pointer fragment.</param>
/// <param name="User">The message for a form; null for a group of violations.</param>
/// <param name="Missing">The properties that are missing, if that is what is wrong.</param>
/// <param name="Causes">What the group consists of.</param>
internal sealed record SchemaViolation(
    string Message,
    string Instance,
    string Schema,
    UiMessage? User,
    IReadOnlyList<string> Missing,
    IReadOnlyList<SchemaViolation> Causes)
{
    public static SchemaViolation Leaf(string instance, string schema, string message, UiMessage user) => new(message, instance, schema, user, [], []);

    /// <summary>One violation stands for itself; several are grouped.</summary>
    public static SchemaViolation? Of(string instance, string schema, List<SchemaViolation> violations) => violations.Count switch
    {
        0 => null,
        1 => violations[0],
        _ => new SchemaViolation("validation failed", instance, schema, null, [], violations),
    };

    /// <summary>The messages for a form, each with the input it is about.</summary>
    public IEnumerable<(string? Input, UiMessage Message)> ToMessages()
    {
        if (Causes.Count > 0)
        {
            return Causes.SelectMany(cause => cause.ToMessages());
        }

        return Missing.Count > 0
            ? Missing.Select(name => ((string?)InputOf($"{Instance}/{name}"), UiMessage.Required(name)))
            : [(InputOf(Instance), User!)];
    }

    /// <summary>The whole as text, as the administrative endpoints give it.</summary>
    public override string ToString() =>
        string.Join("\n  ", [$"I[{Instance}] S[{Schema}] {Message}", .. Causes.SelectMany(cause => cause.ToString().Split('\n'))]);

    private static string InputOf(string pointer) => pointer.TrimStart('#').TrimStart('/').Replace('/', '.');
}
