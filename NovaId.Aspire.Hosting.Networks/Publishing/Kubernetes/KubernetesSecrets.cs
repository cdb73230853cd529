using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The program that makes the Secret objects once. They are in no manifest: what is in none is neither taken away nor overwritten by whoever
/// applies manifests.
/// </summary>
/// <param name="secrets">The Secret objects: where, what they are called, and what stands under each key.</param>
/// <param name="needed">The settings that are no secret, and without which nothing starts.</param>
/// <param name="certificates">What makes the certificates.</param>
internal sealed class KubernetesSecrets(
    IReadOnlyList<(string Namespace, string Name, IReadOnlyDictionary<string, PublishedText> Keys)> secrets,
    IReadOnlyList<PublishedSetting> needed,
    KubernetesCertificateScript certificates)
{
    /// <summary>The file of the values, beside the program.</summary>
    public const string Values = "secrets.env";

    /// <summary>The secret that the Ingress shows to browsers, which somebody else makes.</summary>
    public const string Certificate = "gateway-tls";

    private const string FunctionsMark = "{functions}";

    private const string Begin = """
        #!/bin/sh
        # Makes the secrets of the zone: ./secrets.sh
        # Values come from secrets.env beside it; what stands there without a value is made and put there. Keep that file as
        # you keep secrets, in no repository. What the cluster has already stays as it is, but for certificates that are about
        # to end.
        set -eu
        cd "$(dirname "$0")"
        umask 077

        {functions}

        # Without a setting of base/settings.env nothing starts that takes it, and the cluster would say so late.
        need() {
          if ! grep -q "^$1=." base/settings.env; then
            echo "base/settings.env says nothing for $1. Write it there: $2." >&2
            exit 1
          fi
        }

        # What somebody gives whole, or else what it is put together of.
        whole() {
          given=$(value "$1")
          printf '%s' "${given:-$2}"
        }

        secret() {
          if kubectl get secret "$2" --namespace "$1" > /dev/null 2>&1; then
            echo "$2 in $1 is there and stays."
          else
            kubectl create secret generic "$2" --namespace "$1" --from-env-file=/dev/stdin
          fi
        }


        """;

    /// <summary>Every value that somebody may or has to give.</summary>
    public IReadOnlyList<PublishedSetting> Settings =>
    [
        .. SecretSettings.Select(setting => setting with
        {
            Description = setting.MadeBy is null ? setting.Description : $"{setting.Description}; secrets.sh makes it if nothing is said",
        }),
        .. Wholes().Select(whole => new PublishedSetting(
            whole.Value.Name,
            $"The whole of {whole.Value.Variable}, where it is not put together of {string.Join(" and ", whole.Value.Text.Settings.Select(setting => setting.Name).Distinct())}; may stay empty",
            Default: null,
            IsSecret: true)),
    ];

    private IEnumerable<PublishedSetting> SecretSettings =>
        secrets.SelectMany(secret => secret.Keys.Values).SelectMany(text => text.Settings).Where(setting => setting.IsSecret)
            .DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal);

    /// <summary>Writes the program.</summary>
    public string Script()
    {
        var script = new StringBuilder(Begin.ReplaceLineEndings("\n").Replace(FunctionsMark, SecretScript.Functions(Values), StringComparison.Ordinal));
        foreach (var setting in needed)
        {
            script.Append("need ").Append(setting.Name).Append(' ').Append(SecretScript.Quoted(setting.Description)).Append('\n');
        }

        foreach (var setting in SecretSettings)
        {
            script.Append(SecretScript.Want(setting));
        }

        script.Append("\nkubectl apply -f base/namespaces.yaml\n");
        var wholes = Wholes();
        foreach (var (home, name, keys) in secrets.Where(secret => secret.Keys.Count > 0))
        {
            script.Append("\nsecret ").Append(home).Append(' ').Append(name).Append(" <<EOF\n");
            foreach (var (key, text) in keys)
            {
                script.Append(key).Append('=').Append(wholes.TryGetValue(Words(text), out var whole)
                    ? $"$(whole {whole.Name} \"{text.Write(literal => InDocument(literal).Replace("\"", "\\\"", StringComparison.Ordinal), Value)}\")"
                    : text.Write(InDocument, Value)).Append('\n');
            }

            script.Append("EOF\n");
        }

        return script.Append(certificates.Script()).ToString();
    }

    /// <summary>What is put together of several parts can be given whole, once for all who take the same: a DSN of another server.</summary>
    private Dictionary<string, (string Name, string Variable, PublishedText Text)> Wholes() => (
        from secret in secrets
        from key in secret.Keys
        where key.Value.Write(literal => literal, _ => "").Length > 0
        group (Name: $"{secret.Name.ToUpperInvariant().Replace('-', '_')}_{key.Key}", Variable: key.Key, Text: key.Value) by Words(key.Value) into same
        select (same.Key, First: same.OrderBy(whole => whole.Name.Length).First())).ToDictionary(whole => whole.Key, whole => whole.First);

    private static string Value(PublishedSetting setting) => $"$(value {setting.Name})";

    private static string Words(PublishedText text) => text.Write(literal => literal, setting => $"\0{setting.Name}\0");

    /// <summary>Text as it is within a here-document.</summary>
    private static string InDocument(string text) => text
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("$", "\\$", StringComparison.Ordinal)
        .Replace("`", "\\`", StringComparison.Ordinal);
}
