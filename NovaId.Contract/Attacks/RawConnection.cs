using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace NovaId.Contract.Attacks;

/// <summary>A bare connection: what no client library would send, byte for byte.</summary>
internal sealed partial class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TcpClient _client;
    private readonly Stream _stream;

    private RawConnection(TcpClient client, Stream stream) => (_client, _stream) = (client, stream);

    /// <summary>Connects, over TLS where the address says so.</summary>
    public static async Task<RawConnection> OpenAsync(Uri address, RemoteCertificateValidationCallback? certificate = null)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            return new(client, client.GetStream());
        }

        var secured = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, certificate);
        await secured.AuthenticateAsClientAsync(address.Host);
        return new(client, secured);
    }

    /// <summary>Sends text as Latin-1, so that any byte can be written, and reads until the other side closes or falls silent.</summary>
    public async Task<RawAnswer> SendAsync(string request)
    {
        var answer = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            while (true)
            {
                using var silence = new CancellationTokenSource(Patience);
                var count = await _stream.ReadAsync(buffer, silence.Token);
                if (count == 0)
                {
                    break;
                }

                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A server may well hang up on this, or wait for more: what it said until then counts.
        }

        var text = answer.ToString();
        return new(text, [.. StatusLine().Matches(text).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))]);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3})")]
    private static partial Regex StatusLine();

    /// <summary>What came back.</summary>
    /// <param name="Text">All of it.</param>
    /// <param name="Statuses">The status of each response in it, in order.</param>
    internal sealed record RawAnswer(string Text, IReadOnlyList<int> Statuses);
}
