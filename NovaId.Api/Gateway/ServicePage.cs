namespace NovaId.Api.Gateway;

/// <summary>A page of what a service lists.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="NextPageToken">The service's own token of the next page; null on the last one.</param>
internal sealed record ServicePage<T>(IReadOnlyList<T> Items, string? NextPageToken);
