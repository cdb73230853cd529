using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>The file of variables beside a compose file: <see href="https://docs.docker.com/reference/compose-file/interpolation/"/>.</summary>
/// <param name="path">The file.</param>
internal sealed class VariableFile(string path)
{
    /// <summary>Whether what counts if nothing is said is written down as the value: for whoever reads the file and takes an empty value for one.</summary>
    public bool SaysDefaults { get; init; }

    /// <summary>Adds, without a value, what the file does not name yet. What it holds stays as it is.</summary>
    public async Task AddAsync(IEnumerable<PublishedSetting> settings, CancellationToken cancellationToken)
    {
        var present = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        var named = present.Split('\n').Where(line => !line.TrimStart().StartsWith('#')).Select(line => line.Split('=')[0].Trim()).ToHashSet();
        var text = new StringBuilder(present);
        if (text.Length > 0 && text[^1] != '\n')
        {
            text.Append('\n');
        }

        foreach (var setting in settings.Where(setting => !named.Contains(setting.Name)))
        {
            var otherwise = setting.Default is null || SaysDefaults ? "" : $"; {setting.Default} if nothing is said";
            text.Append("# ").Append(setting.Description).Append(otherwise).Append('\n').Append(setting.Name).Append('=').Append(SaysDefaults ? setting.Default : "").Append("\n\n");
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken);
    }
}
