namespace NovaId.Api.Storage;

/// <summary>The database cannot be used as it is; the message says why and what to do, and holds no address.</summary>
internal sealed class StorageException(string message, Exception? cause = null) : InvalidOperationException(message, cause);
