namespace NovaId.Admin.People;

/// <summary>A page of people, how it was asked for, and where the next one is.</summary>
public sealed record PeopleModel(IReadOnlyList<Person> People, PeopleFilter Filter, string? Next, bool IsFirst);
