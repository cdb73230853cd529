namespace NovaId.Api.Limits;

/// <summary>Marks an endpoint that answers however often it is asked.</summary>
/// <param name="Why">Why that is right.</param>
internal sealed record WithoutLimit(string Why);
