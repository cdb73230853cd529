using NovaId.Api.Gateway;

namespace NovaId.Operator;

/// <summary>The service client as which the operator gets its tokens (RFC 6749, section 4.4).</summary>
public sealed class OperatorAccount
{
    /// <summary>The id of the operator's client in <c>ory-config/hydra/clients.json</c>.</summary>
    public const string DefaultClientId = "novaid-operator";

    private readonly Func<CancellationToken, ValueTask<ClientCredential>> _credential;

    /// <summary>Makes an account whose secret is asked for whenever a token is needed.</summary>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="secret">Gives the client's secret.</param>
    public OperatorAccount(string clientId, Func<CancellationToken, ValueTask<string>> secret)
        : this(clientId, async cancellationToken => new ClientCredential(await secret(cancellationToken)))
    {
    }

    private OperatorAccount(string clientId, Func<CancellationToken, ValueTask<ClientCredential>> credential) =>
        (ClientId, _credential) = (clientId, credential);

    /// <summary>The id of the client.</summary>
    public string ClientId { get; }

    /// <summary>The address that the zone has for everybody, which an assertion names; null where it is the one that is asked.</summary>
    internal Uri? Zone { get; private init; }

    /// <summary>The account of a client whose secret is known.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="clientId">The id of the client.</param>
    /// <returns>The account.</returns>
    public static OperatorAccount WithSecret(string secret, string clientId = DefaultClientId) => new(clientId, _ => ValueTask.FromResult(secret));

    /// <summary>The account of a client that proves itself with its private key (RFC 7523), of which nobody else knows more than the public half.</summary>
    /// <param name="pem">The key: EC P-256, PKCS#8 in PEM.</param>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="zone">The address that the zone has for everybody, where the operator asks at another one.</param>
    /// <returns>The account.</returns>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static OperatorAccount WithKey(string pem, string clientId = DefaultClientId, Uri? zone = null)
    {
        var credential = new ClientCredential(ClientKey.Parse(pem));
        return new(clientId, _ => ValueTask.FromResult(credential)) { Zone = zone };
    }

    /// <summary>The account of a client whose private key is asked for when the first token is needed.</summary>
    /// <param name="pem">Gives the key: EC P-256, PKCS#8 in PEM.</param>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="zone">The address that the zone has for everybody, where the operator asks at another one.</param>
    /// <returns>The account.</returns>
    public static OperatorAccount WithKey(Func<CancellationToken, ValueTask<string>> pem, string clientId = DefaultClientId, Uri? zone = null)
    {
        ArgumentNullException.ThrowIfNull(pem);
        ClientCredential? known = null;
        return new(clientId, async cancellationToken => known ??= Read(await pem(cancellationToken))) { Zone = zone };

        ClientCredential Read(string text)
        {
            try
            {
                return new(ClientKey.Parse(text));
            }
            catch (FormatException exception)
            {
                throw new OperatorException($"The private key of '{clientId}' {exception.Message}. {ClientKey.Remedy}") { Failure = OperatorFailure.BadInput };
            }
        }
    }

    /// <summary>The account without what it proves itself with, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => ClientId;

    internal ValueTask<ClientCredential> GetCredentialAsync(CancellationToken cancellationToken) => _credential(cancellationToken);
}
