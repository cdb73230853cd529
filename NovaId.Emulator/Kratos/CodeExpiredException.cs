namespace NovaId.Emulator.Kratos;

/// <summary>A code came after its time: the flow begins again, as if it had run out itself.</summary>
internal sealed class CodeExpiredException(DateTimeOffset expiredAt) : Exception("The code has run out.")
{
    public DateTimeOffset ExpiredAt => expiredAt;
}
