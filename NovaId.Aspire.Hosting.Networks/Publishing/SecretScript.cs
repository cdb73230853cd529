namespace Aspire.Hosting.Networks;

/// <summary>What a program of the shell needs that fills in values which nobody has given.</summary>
internal static class SecretScript
{
    /// <summary>The functions <c>value NAME</c>, which says a value, and <c>want NAME COMMAND</c>, which has a command make it where there is none.
    /// Commands may use <c>value</c>.</summary>
    /// <param name="file">The file of the values.</param>
    public static string Functions(string file) => $$"""
        value() {
          sed -n "s/^$1=//p" {{file}} | tail -n 1
        }

        # A value that is not given is made by a command; without one, somebody has to give it.
        want() {
          [ -z "$(value "$1")" ] || return 0
          made=
          [ -z "$2" ] || made=$(eval "$2") || made=
          if [ -z "$made" ]; then
            echo "{{file}} says nothing for $1${2:+, and this made nothing: $2}. Write the value there, on one line." >&2
            exit 1
          fi
          name=$1 made=$made awk 'index($0, ENVIRON["name"] "=") == 1 { print ENVIRON["name"] "=" ENVIRON["made"]; next } { print }' {{file}} > {{file}}.new
          mv {{file}}.new {{file}}
        }
        """.ReplaceLineEndings("\n");

    /// <summary>What one value is wanted with.</summary>
    public static string Want(PublishedSetting setting) => $"want {setting.Name} {Quoted(setting.MadeBy ?? "")}\n";

    /// <summary>A word of the shell in which it replaces nothing.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
