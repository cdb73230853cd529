namespace NovaId.Operator;

/// <summary>The service client as which the operator gets its tokens (RFC 6749, section 4.4).</summary>
/// <param name="ClientId">The id of the client.</param>
/// <param name="Secret">Gives the client's secret whenever a token is needed.</param>
public sealed record OperatorAccount(string ClientId, Func<CancellationToken, ValueTask<string>> Secret)
{
    /// <summary>The id of the operator's client in <c>ory-config/hydra/clients.json</c>.</summary>
    public const string DefaultClientId = "novaid-operator";

    /// <summary>The account of a client whose secret is known.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="clientId">The id of the client.</param>
    /// <returns>The account.</returns>
    public static OperatorAccount WithSecret(string secret, string clientId = DefaultClientId) => new(clientId, _ => ValueTask.FromResult(secret));

    /// <summary>The account without its secret, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => ClientId;
}
