namespace NovaId.Emulator.Hydra;

/// <summary>Why a login or a consent was rejected; it becomes the error that the application receives.</summary>
internal sealed record DeniedRequest(string Error, string Description, string Hint, int Status)
{
    public static DeniedRequest Read(JsonReader body, string fallback) => new(
        body.Text("error") is { Length: > 0 } error ? error : fallback,
        body.Text("error_description"),
        body.Text("error_hint"),
        body.Integer("status_code") is not 0 and var status ? status : StatusCodes.Status400BadRequest);

    public OAuth2Error ToError() => new(Error, Status, Description, Hint);
}
