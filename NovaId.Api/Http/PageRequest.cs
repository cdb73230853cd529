using System.Globalization;

namespace NovaId.Api.Http;

/// <summary>The page that a list is asked for: <c>?pageSize=&amp;pageToken=</c>.</summary>
/// <param name="Size">How many items, 1 to 100.</param>
/// <param name="Token">The token that the page before gave out; null for the first page.</param>
internal sealed record PageRequest(int Size, string? Token)
{
    public const int DefaultSize = 50;
    public const int MaximumSize = 100;
    public const int MaximumTokenLength = 1024;

    /// <summary>What a token is made of.</summary>
    public const string TokenPattern = "^[A-Za-z0-9_=.~-]+$";

    public static PageRequest Of(HttpRequest request)
    {
        var size = request.Query["pageSize"] switch
        {
            [] => DefaultSize,
            [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is >= 1 and <= MaximumSize => number,
            _ => throw Refusal.BadRequest($"pageSize must be a number from 1 to {MaximumSize}.").AsException(),
        };
        var token = request.Query["pageToken"] switch
        {
            [] => null,
            [{ Length: > 0 and <= MaximumTokenLength } text] when text.All(IsTokenCharacter) => text,
            _ => throw InvalidToken(),
        };
        return new PageRequest(size, token);
    }

    public static ValueTask<PageRequest?> BindAsync(HttpContext httpContext) => new(Of(httpContext.Request));

    public static RefusalException InvalidToken() =>
        Refusal.BadRequest("pageToken is not one that this list gave out.").AsException();

    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '=' or '.' or '~';
}
