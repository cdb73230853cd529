using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Configuration;

/// <summary>No secret is in git: not in the configuration, and not anywhere else.</summary>
public sealed partial class SecretsTests
{
    [Fact]
    public async Task No_tracked_file_holds_a_private_key_or_a_password()
    {
        var files = await TrackedFilesAsync();

        Assert.Contains(files, file => file.EndsWith("access-rules.yml", StringComparison.Ordinal));
        Assert.Empty(files.SelectMany(file => Findings(file, ReadText(Path.Combine(Repository.Root, file)))));
    }

    [Fact]
    public void No_value_of_the_configuration_is_a_secret()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "ory-config"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".yml" or ".yaml" or ".json")
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => SecretValues(ConfigurationFile.Read(file))));
    }

    [Fact]
    public void A_planted_secret_is_found()
    {
        // In pieces, so that this file is not the finding.
        var key = "-----BEGIN EC PRIVATE" + " KEY-----";
        var jwk = "{\"kty\":\"EC\",\"d\"" + ":\"" + new string('a', 43) + "\"}";
        var dsn = "dsn: postgres://kratos:" + "hunter2@postgres:5432/kratos";

        Assert.All([key, jwk, dsn], text => Assert.NotEmpty(Findings("file", text)));
        Assert.Empty(Findings("file", "dsn: postgres://kratos@postgres:5432/kratos"));
        Assert.Empty(Findings("file", "http://localhost:4455/a@b"));

        using var file = new TemporaryFile("secrets:\n  cookie:\n    - something\nclient_secret: other\nmethods:\n  password:\n    enabled: true\n");
        Assert.Equal(2, SecretValues(ConfigurationFile.Read(file.Path)).Count());
    }

    private static IEnumerable<string> Findings(string file, string text) =>
        Secret().Matches(text).Select(match => $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1} looks like a secret");

    private static IEnumerable<string> SecretValues(ConfigurationNode node)
    {
        if (node.IsScalar && node.RequireString().Length > 0 && SecretKey().IsMatch(node.Path))
        {
            yield return $"{node.File}:{node.Line}: {node.Path} holds a secret";
        }

        foreach (var finding in node.Entries.Select(entry => entry.Value).Concat(node.Items).SelectMany(SecretValues))
        {
            yield return finding;
        }
    }

    private static string ReadText(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.Contains((byte)0) ? "" : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>What git tracks; outside a checkout, every file that no build has made.</summary>
    private static async Task<IReadOnlyList<string>> TrackedFilesAsync()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "ls-files", "-z"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await git.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (git.ExitCode == 0)
            {
                return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file)))];
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No git here.
        }

        return [.. Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git" or "TestResults"))];
    }

    [GeneratedRegex("""-----BEGIN [A-Z ]*PRIVATE KEY-----|"d"\s*:\s*"[A-Za-z0-9_-]{20,}"|[a-z]+://[^\s:/@"'<>{}]+:(?![0-9]+\\*@)[^\s:/@"'<>{}$]+@[A-Za-z0-9]""")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(^|\.)secrets\.|(^|\.)(client_secret|secret|password|passphrase|api_key|private_key|d)(\[\d+\])?$")]
    private static partial Regex SecretKey();
}
