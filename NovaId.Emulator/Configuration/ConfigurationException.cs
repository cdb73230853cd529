namespace NovaId.Emulator.Configuration;

/// <summary>A configuration that the zone cannot start with. The message names the file, the line, the key and the remedy.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Describes what is wrong in one place of one file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1; 0 if the value came from the environment or from the whole file.</param>
    /// <param name="key">The path of the key, for example <c>session.cookie.name</c>.</param>
    /// <param name="problem">What is wrong and what to do about it, as a sentence.</param>
    public ConfigurationException(string file, int line, string key, string problem)
        : base($"{file}{(line > 0 ? $":{line}" : "")}: {key}: {problem}")
    {
        File = file;
        Line = line;
        Key = key;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The line, from 1; 0 where there is none.</summary>
    public int Line { get; }

    /// <summary>The path of the key.</summary>
    public string Key { get; }
}
