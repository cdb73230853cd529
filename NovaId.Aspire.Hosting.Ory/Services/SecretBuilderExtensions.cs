namespace Aspire.Hosting;

/// <summary>Secrets that are generated at the first start and kept in the user secrets of the AppHost, never in git.</summary>
public static class SecretBuilderExtensions
{
    /// <summary>Kratos wants exactly so many for its cipher, and they are more than 180 random bits.</summary>
    private const int Length = 32;

    private const string KeySuffix = "-key";

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

    /// <summary>Adds a generated key with which a client proves itself to Hydra, <c>private_key_jwt</c> (RFC 7523): EC P-256, PKCS#8 in PEM. Give it to
    /// <see cref="HydraBuilderExtensions.AddClients"/>, which tells Hydra the public half alone, and to the program whose client it is.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead. What is published takes the public
    /// half from a parameter <c>{name without -key}-public-key</c>.</param>
    /// <param name="persist">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="DistributedApplicationException">The configuration sets something that is no such key.</exception>
    public static IResourceBuilder<ParameterResource> AddClientKey(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persist = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var setting = $"Parameters:{name}";
        if (builder.ExecutionContext.IsRunMode && builder.Configuration[setting] is { Length: > 0 } given)
        {
            try
            {
                GeneratedClientKey.PublicSetOf(given);
            }
            catch (FormatException exception)
            {
                throw new DistributedApplicationException($"{setting} {exception.Message}. Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256. Or leave it out, and one is made.");
            }
        }

        var published = builder.CreateResourceBuilder(new ParameterResource(
            $"{(name.EndsWith(KeySuffix, StringComparison.Ordinal) ? name[..^KeySuffix.Length] : name)}-public{KeySuffix}",
            _ => throw new DistributedApplicationException($"The public half of '{name}' is a setting of what is published, and has no value here."),
            secret: true))
            .WithDescription($"The public half of {Capitals(name)} as a JSON Web Key Set, on one line: dotnet run --project NovaId.Operator -- public-key")
            .MadeBy(PublicHalfOf(Capitals(name)));
        return builder.AddParameter(name, new ClientKey(), secret: true, persist: persist)
            .WithDescription("Secret: a client's private key, EC P-256 in PKCS#8 and PEM, on one line")
            .MadeBy("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | tr '\\n' ' ' | sed 's/ $//'")
            .WithAnnotation(new PublicKeyAnnotation(published.Resource));
    }

    /// <summary>Adds a generated key with which Oathkeeper signs id_tokens: ES256, as a JSON Web Key Set (RFC 7517).</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> in the configuration sets it instead.</param>
    /// <param name="persist">Whether the next start finds the same.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddSigningKey(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persist = true) =>
        builder.AddParameter(name, new SigningKey(), secret: true, persist: persist)
            .WithDescription("Secret, on one line: the gateway's private key set, for example from: oathkeeper credentials generate --alg ES256")
            .MadeBy("oathkeeper credentials generate --alg ES256 | tr -d '\\n'");

    /// <summary>What a shell runs that has a function <c>value</c>: the last 64 bytes of the public key are its point, and what is called its id is the
    /// thumbprint (RFC 7638).</summary>
    private static string PublicHalfOf(string variable) => string.Join(
        "; ",
        "b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }",
        $"point() {{ value {variable} | sed 's/-----[A-Z ]*-----//g' | tr -d ' ' | openssl base64 -d -A | openssl pkey -inform DER -pubout -outform DER | tail -c 64; }}",
        "x=$(point | head -c 32 | b64url)",
        "y=$(point | tail -c 32 | b64url)",
        """kid=$(printf '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' "$x" "$y" | openssl dgst -sha256 -binary | b64url)""",
        """[ ${#x} = 43 ] && [ ${#y} = 43 ] && printf '{"keys":[{"use":"sig","kty":"EC","kid":"%s","crv":"P-256","alg":"ES256","x":"%s","y":"%s"}]}' "$kid" "$x" "$y" """.TrimEnd());

    private static string Capitals(string name) => name.ToUpperInvariant().Replace('-', '_');
}
