namespace NovaId.Admin.People;

/// <summary>A page of people.</summary>
public sealed record PeopleList(IReadOnlyList<Person> Items, string? NextPageToken);
