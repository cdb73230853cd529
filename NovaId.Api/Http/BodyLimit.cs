namespace NovaId.Api.Http;

/// <summary>How long a body an endpoint takes, where that is not <see cref="RequestLimits.MaximumBodySize"/>.</summary>
/// <param name="Bytes">The length in bytes.</param>
internal sealed record BodyLimit(int Bytes)
{
    /// <summary>A character outside the basic plane, escaped: <c>\ud83d\ude00</c>.</summary>
    private const int LongestCharacter = 12;

    /// <summary>Names of members, other members and blanks.</summary>
    private const int Rest = 16 * 1024;

    /// <summary>The limit that lets texts of so many characters in, however JSON writes them.</summary>
    public static BodyLimit OfText(int characters) => new((LongestCharacter * characters) + Rest);

    public static int Of(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? RequestLimits.MaximumBodySize;
}
