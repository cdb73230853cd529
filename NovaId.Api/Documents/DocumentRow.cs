namespace NovaId.Api.Documents;

/// <summary>A document in a list and its place there.</summary>
internal sealed record DocumentRow(long Row, DocumentSummary Document);
