namespace NovaId.Api.Account;

/// <summary>A relation tuple of Keto that names the person or one of their API keys.</summary>
/// <param name="Namespace">Rank, Capability or Document.</param>
/// <param name="Object">Which one.</param>
/// <param name="Relation">What the subject is to it.</param>
/// <param name="Subject">The person's id, or client: and the key's.</param>
internal sealed record ExportedRelation(string Namespace, string Object, string Relation, string Subject);
