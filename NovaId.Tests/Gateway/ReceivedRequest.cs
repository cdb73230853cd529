namespace NovaId.Tests.Gateway;

/// <summary>A request as a <see cref="FakeService"/> received it.</summary>
internal sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
