namespace NovaId.Accounts.Applications;

/// <summary>The applications that may act for the person.</summary>
public sealed record MyApplications(IReadOnlyList<MyApplication> Items);
