namespace NovaId.Emulator.Hydra;

/// <summary>Ends a request with an <see cref="OAuth2Error"/>.</summary>
internal sealed class OAuth2Exception(OAuth2Error error) : Exception(error.Code)
{
    public OAuth2Error Error { get; } = error;
}
