namespace NovaId.Admin.People;

/// <summary>active or inactive.</summary>
public sealed record StateChange(string State);
