namespace NovaId.Operator.Commands;

/// <summary>Where the operator's secret comes from: a file, the standard input, or the environment. Never the command line.</summary>
internal static class SecretSource
{
    public const string Variable = "NOVAID_OPERATOR_SECRET";
    public const string FileVariable = "NOVAID_OPERATOR_SECRET_FILE";
    public const string StandardInput = "-";

    private const int Longest = 4096;

    /// <exception cref="OperatorException">There is none; the message never holds what was read.</exception>
    public static async Task<string> ReadAsync(string? file, Func<string, string?> environment, TextReader input, CancellationToken cancellationToken)
    {
        file ??= environment(FileVariable) is { Length: > 0 } named ? named : null;
        if (file is null)
        {
            return environment(Variable) is { Length: > 0 } secret
                ? secret
                : throw Wrong($"There is no secret of the operator's client. Put it into {Variable}, or name a file that holds it with --secret-file or {FileVariable}; {StandardInput} is the standard input.");
        }

        var (text, name) = file == StandardInput ? (await input.ReadToEndAsync(cancellationToken), "The standard input") : (await ReadFileAsync(file, cancellationToken), file);
        return text.Trim() switch
        {
            "" => throw Wrong($"{name} holds no secret. Put the secret of the operator's client there and nothing else."),
            { Length: > Longest } => throw Wrong($"{name} is too long for a secret. Put the secret of the operator's client there and nothing else."),
            var secret => secret,
        };
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = File.OpenText(file);
            var buffer = new char[Longest + 2];
            return new(buffer, 0, await reader.ReadBlockAsync(buffer, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{file} cannot be read. Name a file that holds the secret of the operator's client, and that this user may read.");
        }
    }

    private static OperatorException Wrong(string message) => new(message) { Failure = OperatorFailure.BadInput };
}
