namespace NovaId.Api.Authorization;

/// <summary>Marks an endpoint that answers anyone.</summary>
/// <param name="Why">Why that is right.</param>
internal sealed record WithoutCaller(string Why);
