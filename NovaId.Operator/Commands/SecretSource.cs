namespace NovaId.Operator.Commands;

/// <summary>Where something that nobody else may know comes from: a file, the standard input, or the environment. Never the command line.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Variable">The variable that holds it.</param>
/// <param name="FileVariable">The variable that names a file with it.</param>
/// <param name="Option">The option that names a file with it.</param>
internal sealed record SecretSource(string Name, string Variable, string FileVariable, string Option)
{
    public const string StandardInput = "-";

    /// <summary>The secret of the operator's client.</summary>
    public static readonly SecretSource Secret = new("secret", "NOVAID_OPERATOR_SECRET", "NOVAID_OPERATOR_SECRET_FILE", "--secret-file");

    /// <summary>The private key of the operator's client.</summary>
    public static readonly SecretSource Key = new("private key", "NOVAID_OPERATOR_KEY", "NOVAID_OPERATOR_KEY_FILE", "--key-file");

    private const int Longest = 4096;

    /// <summary>What a client that proves itself in the other way is given.</summary>
    private string Otherwise => this == Key ? $"A client with a secret has {Secret.Variable} or {Secret.Option}." : $"A client with a key has {Key.Variable} or {Key.Option}.";

    /// <summary>Whether it is said anywhere.</summary>
    public bool IsGiven(string? file, Func<string, string?> environment) =>
        file is not null || environment(FileVariable) is { Length: > 0 } || environment(Variable) is { Length: > 0 };

    /// <exception cref="OperatorException">There is none; the message never holds what was read.</exception>
    public async Task<string> ReadAsync(string? file, Func<string, string?> environment, TextReader input, CancellationToken cancellationToken)
    {
        file ??= environment(FileVariable) is { Length: > 0 } named ? named : null;
        if (file is null)
        {
            return environment(Variable) is { Length: > 0 } secret
                ? secret
                : throw Wrong($"There is no {Name} of the operator's client. Put it into {Variable}, or name a file that holds it with {Option} or {FileVariable}; {StandardInput} is the standard input. {Otherwise}");
        }

        var (text, name) = file == StandardInput ? (await input.ReadToEndAsync(cancellationToken), "The standard input") : (await ReadFileAsync(file, cancellationToken), file);
        return text.Trim() switch
        {
            "" => throw Wrong($"{name} holds no {Name}. Put the {Name} of the operator's client there and nothing else."),
            { Length: > Longest } => throw Wrong($"{name} is too long for a {Name}. Put the {Name} of the operator's client there and nothing else."),
            var secret => secret,
        };
    }

    private async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = File.OpenText(file);
            var buffer = new char[Longest + 2];
            return new(buffer, 0, await reader.ReadBlockAsync(buffer, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{file} cannot be read. Name a file that holds the {Name} of the operator's client, and that this user may read.");
        }
    }

    private static OperatorException Wrong(string message) => new(message) { Failure = OperatorFailure.BadInput };
}
