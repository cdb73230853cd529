namespace NovaId.Bench;

/// <summary>What to measure, and where.</summary>
internal sealed record BenchOptions
{
    public const string Emulator = "emulator";
    public const string Native = "native";

    /// <summary><see cref="Emulator"/>, <see cref="Native"/>, or the gateway's address.</summary>
    public required string Zone { get; init; }

    public bool IsQuick { get; init; }

    public string OperatorId { get; init; } = "novaid-operator";

    public string? OperatorKeyFile { get; init; }

    public string? OperatorSecret { get; init; }

    /// <summary>The folder to write to; null writes nothing.</summary>
    public string? Output { get; init; }

    /// <summary>Settings of the API that is started, by key.</summary>
    public IReadOnlyDictionary<string, string> ApiSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the mixed load lasts; null runs the benchmark.</summary>
    public TimeSpan? Soak { get; init; }

    /// <summary>How many instances of the API are compared with one; null runs the benchmark.</summary>
    public int? Instances { get; init; }

    /// <summary>The command that starts each instance of the API, its words apart by spaces; <c>{n}</c> is the instance's number. Null starts it directly.</summary>
    public string? ApiThrough { get; init; }

    /// <summary>Whether what a request costs each program of the zone is measured in place of the benchmark.</summary>
    public bool IsCost { get; init; }

    /// <summary>How many starts in containers are compared with their floor; null runs the benchmark.</summary>
    public int? Starts { get; init; }

    /// <summary>Other checkouts of this repository whose AppHost starts in turns with this one's.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <exception cref="BenchException">One is not of the form <c>Section:Key=value</c>.</exception>
    public static IReadOnlyDictionary<string, string> ParseSettings(IEnumerable<string> settings) =>
        settings.Select(setting => setting.Split('=', 2)).ToDictionary(
            parts => parts is [{ Length: > 0 }, _] ? parts[0] : throw new BenchException($"--api-setting takes Section:Key=value, not '{parts[0]}'."),
            parts => parts[1]);

    /// <summary>The options without the secret.</summary>
    public override string ToString() => Zone;
}
