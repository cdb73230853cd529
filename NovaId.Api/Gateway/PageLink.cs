namespace NovaId.Api.Gateway;

/// <summary>The <c>Link</c> header of Kratos and Hydra (RFC 8288).</summary>
internal static class PageLink
{
    private const string Parameter = "page_token=";

    /// <summary>The page token of the link with <c>rel="next"</c>; null if there is none.</summary>
    public static string? NextToken(string? header)
    {
        foreach (var link in (header ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (end < 1 || link[0] != '<' || !link[end..].Contains("rel=\"next\"", StringComparison.Ordinal))
            {
                continue;
            }

            var target = link[1..end];
            var query = target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..];
            var token = query.Split('&').FirstOrDefault(part => part.StartsWith(Parameter, StringComparison.Ordinal));
            return token is null ? null : Uri.UnescapeDataString(token[Parameter.Length..].Replace('+', ' '));
        }

        return null;
    }
}
