using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The part of the program for the Secret objects that makes and renews certificates, where cert-manager does not: an authority whose key stands
/// beside the program and nowhere else, ECDSA on P-256, and for each server a certificate for just its names.
/// </summary>
/// <param name="application">The name of the application.</param>
/// <param name="certificates">The Secrets.</param>
internal sealed class KubernetesCertificateScript(string application, IReadOnlyList<KubernetesCertificate> certificates)
{
    private const string ApplicationMark = "{application}";

    private const string Functions = """

        # The certificates, unless cert-manager makes them. A certificate counts 90 days; run this again before, and what has less
        # than 30 left is replaced: the cluster brings it to its pods without a stop.
        days=90
        rest=30
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT

        # The authority: made once, and kept beside this program. Keep NAME.key as you keep secrets.env.
        authority() {
          if [ -f "$1.key" ] && openssl x509 -in "$1.crt" -noout -checkend $((rest * 86400)) > /dev/null 2>&1; then
            return 0
          fi
          cat > "$work/authority.cnf" <<EOF
        [req]
        distinguished_name = name
        x509_extensions = authority
        prompt = no
        [name]
        CN = {application} $1 $(openssl rand -hex 4)
        [authority]
        basicConstraints = critical, CA:TRUE, pathlen:0
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        EOF
          openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key.new"
          openssl req -x509 -new -sha256 -config "$work/authority.cnf" -key "$1.key.new" -days 3650 -out "$1.crt.new"
          mv "$1.key.new" "$1.key"
          mv "$1.crt.new" "$1.crt"
          echo "The authority $1 is new. Whoever runs already learns of it when it is started again: kubectl rollout restart."
        }

        # What a Secret has under a key.
        held() {
          kubectl get secret "$2" --namespace "$1" --output "jsonpath={.data.$3}" 2> /dev/null | openssl base64 -d -A
        }

        # Whether a Secret is cert-manager's.
        managed() {
          if [ -n "$(kubectl get secret "$2" --namespace "$1" --output 'jsonpath={.metadata.annotations.cert-manager\.io/certificate-name}' 2> /dev/null)" ]; then
            echo "$2 in $1 is cert-manager's and stays."
            return 0
          fi
          return 1
        }

        # Puts files into a Secret, in place of what it had.
        put() {
          home=$1 name=$2
          shift 2
          verb=create
          ! kubectl get secret "$name" --namespace "$home" > /dev/null 2>&1 || verb=replace
          kubectl create secret generic "$name" --namespace "$home" "$@" --dry-run=client --output yaml | kubectl "$verb" --filename -
        }

        # For whoever only asks: AUTHORITY NAMESPACE SECRET.
        trust() {
          ! managed "$2" "$3" || return 0
          if [ "$(held "$2" "$3" 'ca\.crt')" = "$(cat "$1.crt")" ]; then
            echo "$3 in $2 is there and stays."
          else
            put "$2" "$3" --from-file="ca.crt=$1.crt"
          fi
        }

        # For a server: AUTHORITY NAMESPACE SECRET NAME…
        certificate() {
          signer=$1 home=$2 secret=$3
          shift 3
          ! managed "$home" "$secret" || return 0
          wanted=$(printf 'DNS:%s\n' "$@" | grep -v '^DNS:$' | sort -u)
          held "$home" "$secret" 'tls\.crt' > "$work/held.crt"
          if openssl verify -CAfile "$signer.crt" "$work/held.crt" > /dev/null 2>&1 \
            && openssl x509 -in "$work/held.crt" -noout -checkend $((rest * 86400)) > /dev/null 2>&1 \
            && [ "$(openssl x509 -in "$work/held.crt" -noout -ext subjectAltName | grep -o 'DNS:[^, ]*' | sort -u)" = "$wanted" ] \
            && [ "$(held "$home" "$secret" 'ca\.crt')" = "$(cat "$signer.crt")" ]; then
            echo "$secret in $home is there and stays."
            return 0
          fi
          cat > "$work/server.cnf" <<EOF
        [req]
        distinguished_name = name
        prompt = no
        [name]
        CN = $1
        [server]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        subjectAltName = $(printf '%s' "$wanted" | tr '\n' ',')
        EOF
          openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/tls.key"
          openssl req -new -config "$work/server.cnf" -key "$work/tls.key" -out "$work/tls.csr"
          openssl x509 -req -sha256 -in "$work/tls.csr" -CA "$signer.crt" -CAkey "$signer.key" -set_serial "0x4$(openssl rand -hex 15)" \
            -days "$days" -extfile "$work/server.cnf" -extensions server -out "$work/tls.crt" 2> /dev/null
          put "$home" "$secret" --type kubernetes.io/tls --from-file="tls.crt=$work/tls.crt" --from-file="tls.key=$work/tls.key" --from-file="ca.crt=$signer.crt"
        }

        # A setting of base/settings.env.
        setting() {
          sed -n "s/^$1=//p" base/settings.env | tail -n 1
        }

        if grep -q '^ *- *components/cert-manager' kustomization.yaml; then
          echo "cert-manager makes the certificates."
          exit 0
        fi

        """;

    /// <summary>Writes it; nothing where there is no certificate.</summary>
    public string Script()
    {
        if (certificates.Count == 0)
        {
            return "";
        }

        var script = new StringBuilder(Functions.ReplaceLineEndings("\n").Replace(ApplicationMark, application, StringComparison.Ordinal));
        foreach (var name in certificates.Select(certificate => certificate.Authority.Name).Distinct())
        {
            script.Append("authority ").Append(name).Append('\n');
        }

        foreach (var certificate in certificates)
        {
            script.Append(certificate.IsServer ? "certificate " : "trust ")
                .Append(certificate.Authority.Name).Append(' ').Append(certificate.Namespace).Append(' ').Append(certificate.Secret);
            foreach (var name in certificate.Names)
            {
                script.Append(' ').Append(name.Write(literal => literal, setting => $"\"$(setting {setting.Name})\""));
            }

            script.Append('\n');
        }

        return script.ToString();
    }
}
