namespace NovaId.Emulator.Kratos;

/// <summary>What Kratos logs. Bodies and headers never are: they hold passwords and tokens.</summary>
internal static partial class KratosLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A request to Kratos failed.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
