namespace NovaId.Api.Documents;

/// <summary>A document in a list, without its text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="OwnerId">Who made it: a person's id, or client: and a client's.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record DocumentSummary(Guid Id, string Title, string OwnerId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
