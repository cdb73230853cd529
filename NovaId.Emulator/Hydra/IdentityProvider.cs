namespace NovaId.Emulator.Hydra;

/// <summary>Kratos, as Hydra knows it: who logs out at Hydra loses the session that the login came from.</summary>
internal sealed partial class IdentityProvider(HydraSettings settings, HttpClient client, ILogger<IdentityProvider> logger)
{
    /// <summary>Ends a session of Kratos. As in Hydra nobody waits for it, and a failure is only logged.</summary>
    public void EndSession(string sessionId)
    {
        if (settings.IdentityProviderUrl is { } address && sessionId.Length > 0)
        {
            _ = Task.Run(() => EndSessionAsync(Urls.Append(address, $"/admin/sessions/{Uri.EscapeDataString(sessionId)}")));
        }
    }

    private async Task EndSessionAsync(string address)
    {
        try
        {
            using var response = await client.DeleteAsync(new Uri(address));
            if (!response.IsSuccessStatusCode)
            {
                LogFailure(logger, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            LogFailure(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unable to revoke session in Ory Kratos: {Reason}.")]
    private static partial void LogFailure(ILogger logger, string reason);
}
