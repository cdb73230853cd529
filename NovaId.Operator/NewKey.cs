namespace NovaId.Operator;

/// <summary>A client and its new key, which is known here and nowhere else.</summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Pem">The private key: EC P-256, PKCS#8 in PEM.</param>
/// <param name="PublicKey">Its public half, as a JSON Web Key Set (RFC 7517).</param>
/// <param name="PublicKeys">The public halves of every key that the client has now, as a JSON Web Key Set (RFC 7517).</param>
public sealed record NewKey(string ClientId, string Pem, string PublicKey, string PublicKeys)
{
    /// <summary>The client without its key, so that no log shows it.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => ClientId;
}
