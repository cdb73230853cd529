using NovaId.Emulator.Seeding;

namespace NovaId.Native;

/// <summary>A copy of <c>ory-config</c> in which only addresses differ: where containers have names, processes have ports.</summary>
internal sealed class NativeConfiguration
{
    private readonly string _folder;

    public NativeConfiguration(string source, DirectoryInfo folder, IReadOnlyDictionary<string, string> addresses)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder.FullName, "ory-config")).FullName;
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var text = addresses.Aggregate(
                File.ReadAllText(file).Replace("file:///etc/ory/", $"file://{_folder}/", StringComparison.Ordinal),
                (text, address) => text.Replace(address.Key, address.Value, StringComparison.Ordinal));
            var copy = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, text);
        }
    }

    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>Puts one file behind another: Oathkeeper can come to a standstill over several files of rules.</summary>
    public void Append(string file, string further) =>
        File.AppendAllText(PathOf(file), Environment.NewLine + File.ReadAllText(PathOf(further)));

    /// <summary>Makes the key that signs id_tokens (RFC 7517).</summary>
    /// <returns>The address of the file.</returns>
    public string WriteSigningKey() => SigningKey.WriteTo(_folder).ToString();
}
