namespace Aspire.Hosting.Networks;

/// <summary>
/// A shell in front of a program that does not notice a new certificate by itself: it looks at the file, and has the program read it again, or
/// starts it again. While an application runs, <see cref="CertificateRenewal"/> sees to that; what is published has nobody beside the container
/// who could.
/// </summary>
internal static class CertificateWatch
{
    /// <summary>What the shell is called in a list of processes.</summary>
    private const string Name = "watch";

    /// <summary>
    /// Its arguments: what is run at a new certificate, where nothing means that the program is started again; and the program with its own
    /// arguments. It passes on the signals with which an engine ends a container, and ends as the program does.
    /// </summary>
    private const string Script = $$"""
        reload=$1
        shift
        told=
        tell() { told=$1; kill -s "$1" "$program" 2> /dev/null; }
        trap 'tell TERM' TERM
        trap 'tell INT' INT
        trap 'tell QUIT' QUIT
        certificate() { cksum < {{CertificateFiles.Certificate}}; }
        while [ -z "$told" ]; do
          has=$(certificate)
          "$@" &
          program=$!
          while sleep 10; do
            next=$(certificate) && [ "$next" != "$has" ] || continue
            if [ -z "$reload" ]; then
              echo "There is a new certificate: starting again."
              kill -s TERM "$program"
              break
            fi
            eval "$reload" && has=$next
          done &
          looks=$!
          # A signal ends the waiting, and not the program.
          wait "$program"
          code=$?
          while kill -0 "$program" 2> /dev/null; do
            wait "$program"
            code=$?
          done
          kill "$looks" 2> /dev/null
          [ -z "$reload" ] && [ "$(certificate)" != "$has" ] || break
        done
        exit "$code"
        """;

    /// <summary>The arguments of <c>sh</c>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="reload">What the shell runs at a new certificate; null where the program is started again.</param>
    public static string[] Arguments(string program, string? reload) => ["-c", Script.ReplaceLineEndings("\n"), Name, reload ?? "", program];
}
