namespace NovaId.Contract;

/// <summary>A request as the API received it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query as sent, undecoded.</param>
/// <param name="Headers">The headers, by name without regard to case; several values are joined with a comma.</param>
public sealed record RecordedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
