namespace NovaId.Api.Http;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="NextPageToken">Asks for the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextPageToken);
