namespace NovaId.Emulator.Kratos;

/// <summary>Reads ids in the forms that Kratos' UUID library reads.</summary>
internal static class GoUuid
{
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) || Guid.TryParseExact(text, "N", out id) || Guid.TryParseExact(text, "B", out id);

    /// <exception cref="KratosException">The text is no id (400).</exception>
    public static Guid Parse(string? text) =>
        TryParse(text, out var id) ? id : throw KratosException.BadRequestMessage($"uuid: incorrect UUID length {text?.Length ?? 0} in string \"{text}\"");
}
