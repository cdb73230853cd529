using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ory Kratos: identities, sessions and their flows, <see href="https://www.ory.com/docs/kratos"/>.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
public sealed class KratosResource(string name) : OryDatabaseServiceResource(name)
{
    /// <summary>The port for everyone: flows and sessions.</summary>
    public const int PublicPort = 4433;

    /// <summary>The port that authenticates nobody: identities and sessions of anyone.</summary>
    public const int AdminPort = 4434;

    /// <summary>A person is an e-mail address and a password.</summary>
    private const string Schema = """
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "properties": {
            "traits": {
              "type": "object",
              "properties": {
                "email": { "type": "string", "format": "email", "ory.sh/kratos": { "credentials": { "password": { "identifier": true } } } }
              },
              "required": ["email"],
              "additionalProperties": false
            }
          }
        }
        """;

    internal override int UserId => 10000;

    internal override string Image => "oryd/kratos";

    /// <summary>Without it no mail is sent: <see href="https://www.ory.com/docs/kratos/self-hosted/mail-courier-selfhosted"/>.</summary>
    internal override string[] OnceOptions => ["--watch-courier"];

    internal override string[] Once => ["courier", "watch"];

    internal override string MigrationStatus => "kratos migrate sql status -e --block";

    internal override string[] Migrate => ["kratos", "migrate", "sql", "up", "-e", "--yes"];

    internal override int Port => AdminPort;

    internal override IEnumerable<ContainerFile> DefaultFiles =>
    [
        NewFile(File, $$"""
            version: {{OryImageTags.Tag}}
            identity:
              default_schema_id: person
              schemas: [{ id: person, url: "base64://{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Schema))}}" }]
            selfservice:
              default_browser_return_url: http://localhost/
              methods: { password: { enabled: true, config: { haveibeenpwned_enabled: false } } }
            """),
    ];
}
