using NovaId.Emulator.Postgres;

namespace NovaId.Emulator.Hydra;

/// <summary>Text on its way into a column or a query of Hydra's. What PostgreSQL says to it, Hydra cannot explain.</summary>
internal static class StoredText
{
    /// <exception cref="OAuth2Exception">PostgreSQL does not take it.</exception>
    public static void Require(string text, int limit = int.MaxValue)
    {
        if (PostgresText.Refusal(text, limit) is not null)
        {
            throw OAuth2Error.Unrecognizable.AsException();
        }
    }
}
