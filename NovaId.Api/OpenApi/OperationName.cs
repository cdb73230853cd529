using System.Globalization;

namespace NovaId.Api.OpenApi;

/// <summary>The name that an operation gets where its endpoint has none (<c>WithName</c>): the method and the path.</summary>
internal static class OperationName
{
    /// <param name="method">The method.</param>
    /// <param name="path">The route, for example <c>api/me/sessions/{id}</c>.</param>
    /// <returns>For example <c>deleteMeSessionsById</c>.</returns>
    public static string Of(string method, string path)
    {
        var words = path.Split(['/', '-'], StringSplitOptions.RemoveEmptyEntries).Where(word => word != "api").Select(word =>
            word is ['{', .. var value, '}'] ? $"By{Capitalize(value)}" : Capitalize(word));
        return method.ToLowerInvariant() + string.Concat(words);
    }

    private static string Capitalize(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
}
