namespace NovaId.Api.Gateway;

/// <summary>What the section <c>Gateway</c> says of how a client proves itself.</summary>
/// <param name="Key"><c>ClientKey</c>: its private key in PEM.</param>
/// <param name="KeyFile"><c>ClientKeyFile</c>: the file with it.</param>
/// <param name="Secret"><c>ClientSecret</c>: its secret.</param>
internal sealed record ClientCredentialSettings(string? Key, string? KeyFile, string? Secret)
{
    private const string KeySetting = "Gateway:ClientKey";
    private const string FileSetting = "Gateway:ClientKeyFile";
    private const string SecretSetting = "Gateway:ClientSecret";

    /// <summary>Reads it.</summary>
    /// <param name="whose">Whose client it is, for the message.</param>
    /// <exception cref="FormatException">Not exactly one is said, or it is no good. The message names the setting and the remedy, and holds
    /// nothing of the secret or the key.</exception>
    public ClientCredential Read(string whose)
    {
        (string Name, string? Value)[] settings = [(KeySetting, Key), (FileSetting, KeyFile), (SecretSetting, Secret)];
        var given = settings.Where(setting => !string.IsNullOrWhiteSpace(setting.Value)).ToArray();
        if (given.Length == 0)
        {
            throw new FormatException($"{SecretSetting} must be the secret of {whose}, or {FileSetting} must name the file with its private key. Set one of "
                + "them by the environment, Gateway__ClientSecret or Gateway__ClientKeyFile, or as a user secret; never in a file that is in git.");
        }

        if (given.Length > 1)
        {
            throw new FormatException($"{string.Join(" and ", given.Select(setting => setting.Name))} are given, but {whose} proves itself in one way. "
                + "Leave the one that it is registered with at Hydra.");
        }

        var (name, value) = given[0];
        try
        {
            return name switch
            {
                KeySetting => new(ClientKey.Parse(value!)),
                FileSetting => new(ClientKey.Read(value!.Trim())),
                _ => new(value!),
            };
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{name}{(name == FileSetting ? ":" : "")} {exception.Message}. {ClientKey.Remedy}");
        }
    }

    /// <summary>Names nothing: a record would print its members.</summary>
    public override string ToString() => nameof(ClientCredentialSettings);
}
