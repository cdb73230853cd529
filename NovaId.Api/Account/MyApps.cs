namespace NovaId.Api.Account;

/// <summary>The apps that a person let in, by name.</summary>
internal sealed record MyApps(IReadOnlyList<MyApp> Items);
