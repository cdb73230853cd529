namespace NovaId.Accounts.Applications;

/// <summary>The applications, and whether one was just taken out.</summary>
public sealed record ApplicationsModel(IReadOnlyList<MyApplication> Applications, bool Done);
