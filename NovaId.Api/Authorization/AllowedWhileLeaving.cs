namespace NovaId.Api.Authorization;

/// <summary>Marks the endpoint that a person may call whose account is being deleted: the deletion itself, so that it can be repeated.</summary>
internal sealed record AllowedWhileLeaving;
