namespace NovaId.Api.Http;

/// <summary>A UUID in the one spelling that Kratos and the gateway's rules know: lower case, with hyphens.</summary>
internal static class CanonicalUuid
{
    /// <summary>The same as a regular expression.</summary>
    public const string Pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";

    public static bool TryParse(string? text, out Guid id) =>
        // The length too, because the parser passes over blanks around it.
        Guid.TryParseExact(text, "D", out id) && text.Length == 36 && !text.AsSpan().ContainsAnyInRange('A', 'Z');
}
