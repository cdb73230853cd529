namespace NovaId.AppHost.Configuration;

/// <summary>Secrets that are generated at the first start and kept in the user secrets of this project, never in git.</summary>
public static class SecretBuilderExtensions
{
    /// <summary>Kratos wants exactly so many for its cipher, and they are more than 180 random bits.</summary>
    private const int Length = 32;

    /// <summary>Adds a generated secret.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead.</param>
    /// <param name="keep">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool keep) =>
        // Letters and digits only: it stands in addresses, environments and JSON alike.
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true, persist: keep)
            .WithDescription("Secret of 32 letters and digits, for example from: openssl rand -hex 16");

    /// <summary>Adds the gateway's generated signing key.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead.</param>
    /// <param name="keep">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddSigningKey(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool keep) =>
        builder.AddParameter(name, new SigningKey(), secret: true, persist: keep)
            .WithDescription("Secret, on one line: the gateway's private key set, for example from: oathkeeper credentials generate --alg ES256");
}
