namespace NovaId.Emulator.Hydra;

/// <summary>The logouts under way, in memory.</summary>
internal sealed class LogoutStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogoutRequest> _requests = [];

    public void Add(LogoutRequest request)
    {
        lock (_lock)
        {
            _requests[request.Challenge] = request;
        }
    }

    public LogoutRequest Get(string challenge)
    {
        lock (_lock)
        {
            return _requests.GetValueOrDefault(challenge) is { IsRejected: false } request
                ? request
                : throw OAuth2Error.ResourceNotFound.AsException();
        }
    }

    public LogoutRequest Accept(string challenge) =>
        Change(request => request.Challenge == challenge, request => request with { IsAccepted = true, IsRejected = false })
        ?? throw OAuth2Error.ResourceNotFound.AsException();

    public void Reject(string challenge)
    {
        if (Change(request => request.Challenge == challenge, request => request with { IsRejected = true, IsAccepted = false }) is null)
        {
            throw OAuth2Error.ChallengeNotFound.AsException();
        }
    }

    public LogoutRequest Use(string verifier) =>
        Change(
            request => request is { IsAccepted: true, IsRejected: false } && request.Verifier == verifier,
            request => request with { IsUsed = true })
        ?? throw OAuth2Error.ChallengeNotFound.AsException();

    private LogoutRequest? Change(Func<LogoutRequest, bool> condition, Func<LogoutRequest, LogoutRequest> change)
    {
        lock (_lock)
        {
            return _requests.Values.FirstOrDefault(condition) is { } request ? _requests[request.Challenge] = change(request) : null;
        }
    }
}
