namespace NovaId.Api.Http;

/// <summary>A UUID in the one spelling that Kratos and the gateway's rules know: lower case, with hyphens.</summary>
internal static class CanonicalUuid
{
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && !text.AsSpan().ContainsAnyInRange('A', 'Z');
}
