namespace Aspire.Hosting;

/// <summary>Secrets that are generated at the first start and kept in the user secrets of the AppHost, never in git.</summary>
public static class SecretBuilderExtensions
{
    /// <summary>Kratos wants exactly so many for its cipher, and they are more than 180 random bits.</summary>
    private const int Length = 32;

    /// <summary>Adds a generated secret of 32 letters and digits.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead.</param>
    /// <param name="persist">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persist = true) =>
        // Letters and digits only: it stands in addresses, environments and JSON alike.
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true, persist: persist)
            .WithDescription("Secret of 32 letters and digits, for example from: openssl rand -hex 16")
            .MadeBy("openssl rand -hex 16");

    /// <summary>Adds a generated key with which Oathkeeper signs id_tokens: ES256, as a JSON Web Key Set (RFC 7517).</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead.</param>
    /// <param name="persist">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddSigningKey(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persist = true) =>
        builder.AddParameter(name, new SigningKey(), secret: true, persist: persist)
            .WithDescription("Secret, on one line: the gateway's private key set, for example from: oathkeeper credentials generate --alg ES256")
            .MadeBy("oathkeeper credentials generate --alg ES256 | tr -d '\\n'");
}
