namespace NovaId.Api.Gateway;

/// <summary>The traits of <c>ory-config/kratos/person.schema.json</c>.</summary>
internal sealed record PersonTraits
{
    public required string Email { get; init; }

    public PersonName? Name { get; init; }
}
