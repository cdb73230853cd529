namespace NovaId.Api.Account;

/// <summary>Where a person is logged in, the session that asks first.</summary>
internal sealed record MySessions(IReadOnlyList<MySession> Items);
