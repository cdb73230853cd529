namespace NovaId.Accounts.Data;

/// <summary>Nothing but the page itself.</summary>
public sealed record DataModel;
