using NovaId.Admin.Rights;

namespace NovaId.Admin.Home;

/// <summary>The beginning, for this person.</summary>
public sealed record HomeModel(Officer Me, OfficerRights Rights);
