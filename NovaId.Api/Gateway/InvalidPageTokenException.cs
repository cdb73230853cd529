namespace NovaId.Api.Gateway;

/// <summary>A service does not know the page token, which the caller must have made up.</summary>
internal sealed class InvalidPageTokenException() : Exception("The page token is not one that was given out.");
