namespace NovaId.Operator.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>Done, or there was nothing to do.</summary>
    public const int Done = 0;

    /// <summary>The zone refused.</summary>
    public const int Refused = 1;

    /// <summary>Something that was given is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The zone does not answer, or not in time.</summary>
    public const int Unavailable = 3;

    /// <summary>The operator itself was refused.</summary>
    public const int NotAuthenticated = 4;

    /// <summary>It was stopped: 128 and the number of SIGINT.</summary>
    public const int Stopped = 130;

    public static int Of(OperatorFailure failure) => failure switch
    {
        OperatorFailure.BadInput => BadInput,
        OperatorFailure.Unavailable => Unavailable,
        OperatorFailure.NotAuthenticated => NotAuthenticated,
        _ => Refused,
    };
}
