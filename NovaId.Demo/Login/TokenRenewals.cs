using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace NovaId.Demo.Login;

/// <summary>
/// Trades each refresh token in once, however many tabs of one browser ask at the same time: Hydra takes a second use for theft and ends
/// everything that came of it. Another instance knows nothing of this, and then the person continues with NovaId once more.
/// </summary>
internal sealed class TokenRenewals
{
    /// <summary>How long a tab that still holds the old cookie gets the same answer.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lazy<Task<Renewal>>> _renewals = new(StringComparer.Ordinal);

    public async Task<Renewal> RunAsync(string refreshToken, Func<Task<Renewal>> renewAsync)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(refreshToken)));
        var renewal = _renewals.GetOrAdd(key, _ => new Lazy<Task<Renewal>>(renewAsync));
        try
        {
            var answer = await renewal.Value;
            _ = ForgetAsync();
            return answer;
        }
        catch
        {
            _renewals.TryRemove(new(key, renewal));
            throw;
        }

        async Task ForgetAsync()
        {
            await Task.Delay(Kept);
            _renewals.TryRemove(new(key, renewal));
        }
    }
}
