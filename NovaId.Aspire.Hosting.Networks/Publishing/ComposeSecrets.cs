using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>The program beside the compose file that makes the secrets once, and puts them into the file of variables.</summary>
/// <param name="settings">Everything that whoever deploys may give.</param>
internal sealed class ComposeSecrets(IEnumerable<PublishedSetting> settings)
{
    private const string Begin = """
        #!/bin/sh
        # Makes the secrets of the zone: ./secrets.sh
        # Every secret that .env says nothing for is made and put there; what stands there stays. Keep that file as you keep
        # secrets, in no repository.
        set -eu
        cd "$(dirname "$0")"
        umask 077


        """;

    /// <summary>Writes the program.</summary>
    public string Script()
    {
        var script = new StringBuilder(Begin.ReplaceLineEndings("\n")).Append(SecretScript.Functions(".env")).Append("\n\n");
        foreach (var setting in settings.Where(setting => setting.IsSecret).DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            script.Append(SecretScript.Want(setting));
        }

        return script.ToString();
    }
}
