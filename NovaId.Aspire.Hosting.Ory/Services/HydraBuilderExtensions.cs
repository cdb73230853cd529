using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>Adds Hydra.</summary>
public static class HydraBuilderExtensions
{
    /// <summary>
    /// Makes the clients anew from their file at each start, with the secrets and the public keys of the environment, which stand in no file and no
    /// process list: what the file says is what they may, and no other client is touched. A client that has the given key among others keeps them
    /// all: its key is being changed, and the other is the new or the old one. A client without it gets the given one alone.
    /// </summary>
    internal const string MakeClients = """
        set -eu
        echo "Waiting for Hydra."
        until wget -q --no-check-certificate -O /dev/null "$ORY_SDK_URL/health/ready" 2>/dev/null; do sleep 0.3; done
        clients=${CLIENTS:-}
        [ -n "$clients" ] || clients=$(cat "$CLIENTS_FILE")
        file=/tmp/clients.json
        umask 077
        ids=$(printf '%s' "$clients" | awk '/"client_id":/ { gsub(/[",]/, "", $2); print $2 }')
        for id in $ids; do
          name=$(printf '%s' "$id" | tr 'a-z-' 'A-Z_')_JWKS
          given=$(printenv "$name" | tr -d '\n') || given=
          [ -n "$given" ] || continue
          known=$(hydra get oauth2-client "$id" --format json 2>/dev/null | tr -d ' \n' | grep -o '"jwks":{"keys":\[[^]]*\]}' | sed 's/^"jwks"://') || known=
          for number in $(printf '%s' "$given" | tr -d ' ' | grep -o '"[nxy]":"[^"]*"'); do
            case $known in *"$number"*) ;; *) known= ;; esac
          done
          [ -z "$known" ] || export "$name=$known"
        done
        printf '%s' "$clients" | awk '
          /"client_id":/ {
            id = $2; gsub(/[",]/, "", id); gsub(/-/, "_", id); print
            secret = ENVIRON[toupper(id) "_SECRET"]; if (secret != "") printf "\"client_secret\": \"%s\",\n", secret
            jwks = ENVIRON[toupper(id) "_JWKS"]; if (jwks != "") printf "\"jwks\": %s,\n", jwks
            next
          }
          { print }' > "$file"
        hydra delete oauth2-client $ids >/dev/null 2>&1 || true
        hydra import oauth2-client "$file" >/dev/null
        """;

    /// <summary>Adds Hydra with generated secrets and the least of a configuration: it issues tokens under its own name, without TLS, and
    /// keeps what it knows in memory.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="persistSecrets">Whether the next start finds the same secrets, in the user secrets of the AppHost.</param>
    /// <returns>Hydra.</returns>
    public static IResourceBuilder<HydraResource> AddHydra(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persistSecrets = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddOryService(new HydraResource(name))
            .WithIconName("Key")
            .WithSecrets(persistSecrets, "system", "cookie", "pagination")
            // Without TLS, Hydra starts no other way.
            .WithEnvironment("DEV", "true")
            .WithListener(HydraResource.PublicPort, OryServiceBuilderExtensions.Alive)
            .WithListener(HydraResource.AdminPort, OryServiceBuilderExtensions.Alive)
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{HydraResource.AdminPort}/health/ready")
            .WithFaultSwitches();
    }

    /// <summary>Has Hydra speak TLS on both its ports (<see href="https://www.ory.com/docs/hydra/reference/configuration"/>, <c>serve.tls</c>) with a
    /// certificate for its name, and trust nobody but the authority.</summary>
    /// <param name="builder">Hydra, which has no clients added yet.</param>
    /// <param name="authority">The authority that signs its certificate.</param>
    /// <returns>Hydra.</returns>
    public static IResourceBuilder<HydraResource> WithTls(this IResourceBuilder<HydraResource> builder, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        return builder.SpeakTls(authority, "SERVE_TLS").WithEnvironment("SERVE_TLS_ENABLED", "true");
    }

    /// <summary>Makes OAuth2 clients at each start, in a container that ends when that is done.</summary>
    /// <param name="builder">Hydra, which has its configuration.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="file">The file of its configuration folder with the clients: a list as <c>hydra import oauth2-client</c> takes it, one
    /// member a line, without secrets.</param>
    /// <param name="secrets">The secret of each client that has one, by the client's id; or its key, of <see cref="SecretBuilderExtensions.AddClientKey"/>,
    /// where the file says <c>private_key_jwt</c>. Of a key Hydra is told the public half alone.</param>
    /// <returns>The container that makes them.</returns>
    /// <exception cref="DistributedApplicationException">Hydra has no configuration folder, the file is not in it, or a client lacks what the file says
    /// that it proves itself with.</exception>
    public static IResourceBuilder<IOryJobResource> AddClients(
        this IResourceBuilder<HydraResource> builder,
        [ResourceName] string name,
        string file,
        params (string ClientId, IResourceBuilder<ParameterResource> Secret)[] secrets)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(secrets);
        var hydra = builder.Resource;
        var path = Path.Combine(hydra.Source ?? "", file);
        if (!File.Exists(path))
        {
            throw new DistributedApplicationException($"'{name}' makes the clients of {path}, which does not exist. Say .WithConfiguration(…) of '{hydra.Name}' first, and put the file there.");
        }

        var given = secrets.ToDictionary(secret => secret.ClientId, secret => PublicKeyOf(secret.Secret.Resource) is not null);
        foreach (var (id, proof) in ProofsOf(path))
        {
            if (proof == Proof.Secret && (!given.TryGetValue(id, out var hasKey) || hasKey))
            {
                throw new DistributedApplicationException($"The client '{id}' of {path} has no secret. Give '{name}' one for it, or say \"token_endpoint_auth_method\": \"none\" there.");
            }

            if (proof == Proof.Key && !(given.TryGetValue(id, out hasKey) && hasKey))
            {
                throw new DistributedApplicationException($"The client '{id}' of {path} has no key. Give '{name}' one of .AddClientKey(…) for it, or put its public half there as \"jwks\".");
            }
        }

        var clients = builder.AddJob(name, "sh", "-c", MakeClients)
            .WithIconName("PeopleAdd")
            .WithEnvironment("ORY_SDK_URL", FormattableString.Invariant($"{(hydra.Authority is null ? "http" : "https")}://{hydra.Name}:{HydraResource.AdminPort}"));
        foreach (var (id, secret) in secrets)
        {
            var variable = id.ToUpperInvariant().Replace('-', '_');
            if (PublicKeyOf(secret.Resource) is { } key)
            {
                clients.WithPublicKey($"{variable}_JWKS", secret.Resource, key);
            }
            else
            {
                clients.WithEnvironment($"{variable}_SECRET", secret);
            }
        }

        if (clients is IResourceBuilder<OryJobContainerResource> contained)
        {
            return contained
                .WithContainerFiles(hydra.Folder, [OryServiceResource.NewFile(file, File.ReadAllText(path))])
                .WithEnvironment("CLIENTS_FILE", $"{hydra.Folder}/{file}")
                .WaitFor(builder);
        }

        // It waits for Hydra itself, so that its container is made early and not last, when everything else waits for it.
        return clients.WaitForStart(builder).WithEnvironment("CLIENTS", File.ReadAllText(path));
    }

    private static PublicKeyAnnotation? PublicKeyOf(ParameterResource secret) => secret.Annotations.OfType<PublicKeyAnnotation>().LastOrDefault();

    private static void WithPublicKey(this IResourceBuilder<IOryJobResource> clients, string variable, ParameterResource key, PublicKeyAnnotation half) =>
        clients.WithEnvironment(async context => context.EnvironmentVariables[variable] = context.ExecutionContext.IsPublishMode
            ? half.Published
            : GeneratedClientKey.PublicSetOf((await key.GetValueAsync(context.CancellationToken))!).ToJsonString());

    private static (string Id, Proof Proof)[] ProofsOf(string path)
    {
        using var clients = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. from client in clients.RootElement.EnumerateArray()
               select (client.GetProperty("client_id").GetString()!, ProofOf(client)),
        ];
    }

    private static Proof ProofOf(JsonElement client) => (client.TryGetProperty("token_endpoint_auth_method", out var method) ? method.GetString() : null) switch
    {
        "none" => Proof.None,
        "private_key_jwt" => client.TryGetProperty("jwks", out _) || client.TryGetProperty("jwks_uri", out _) ? Proof.None : Proof.Key,
        _ => Proof.Secret,
    };

    /// <summary>What a client has to be given.</summary>
    private enum Proof
    {
        None,
        Secret,
        Key,
    }
}
