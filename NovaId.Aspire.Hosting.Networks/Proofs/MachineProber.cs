using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>Asks questions from this machine itself.</summary>
internal static class MachineProber
{
    private const int Length = 4096;
    private static readonly TimeSpan LookupPatience = TimeSpan.FromSeconds(8);

    /// <summary>Asks all of them at once, each with the same patience.</summary>
    public static async Task<IReadOnlyList<Reply>> AskAsync(IReadOnlyList<Question> questions, TimeSpan patience, CancellationToken cancellationToken)
    {
        var lookups = new ConcurrentDictionary<string, Lazy<Task<(IPAddress? Address, Outcome Outcome)>>>();
        return await Task.WhenAll(questions.Select(async question =>
        {
            var (address, outcome) = await lookups.GetOrAdd(question.Address, name => new(() => LookUpAsync(name, cancellationToken))).Value;
            return address is null ? new Reply(outcome) : await AskAsync(address, question, patience, cancellationToken);
        }));
    }

    private static async Task<(IPAddress? Address, Outcome Outcome)> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var number))
        {
            return (number, Outcome.Answers);
        }

        using var patience = Limit(LookupPatience, cancellationToken);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name, patience.Token);
            return addresses.Length > 0 ? (addresses[0], Outcome.Answers) : (null, Outcome.NoSuchName);
        }
        catch (SocketException)
        {
            return (null, Outcome.NoSuchName);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Outcome.TimedOut);
        }
    }

    private static async Task<Reply> AskAsync(IPAddress address, Question question, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = Limit(patience, cancellationToken);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var heard = "";
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, question.Port), limit.Token);
            await using var stream = await OpenAsync(socket, question, limit.Token);
            var greeting = question.Greeting.Path is { } path ? $"GET {path} HTTP/1.0\r\nHost: {question.Address}\r\n\r\n" : question.Greeting.Sent;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(greeting), limit.Token);
            var buffer = new byte[Length];
            var length = 0;
            do
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), limit.Token);
                if (read == 0)
                {
                    break;
                }

                length += read;
                heard = Encoding.Latin1.GetString(buffer, 0, length);
            }
            while (question.Greeting.Path is not null && length < Length);
        }
        catch (SocketException exception) when (heard.Length == 0)
        {
            return new(exception.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => Outcome.Refused,
                SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AccessDenied => Outcome.Unreachable,
                SocketError.TimedOut => Outcome.TimedOut,
                _ => Outcome.NothingSaid,
            });
        }
        catch (OperationCanceledException) when (heard.Length == 0 && !cancellationToken.IsCancellationRequested)
        {
            return new(Outcome.TimedOut);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What has been heard is judged.
        }

        return question.Greeting.Path is null ? Reply.Said(question.Greeting, heard) : Judge(question, heard);
    }

    /// <summary>What is said is what counts here; whether the certificate does, those find out who use the service.</summary>
    private static async Task<Stream> OpenAsync(Socket socket, Question question, CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(socket);
        if (!question.Greeting.IsOverTls)
        {
            return stream;
        }

        var secured = new SslStream(stream);
        await secured.AuthenticateAsClientAsync(
            new() { TargetHost = question.Address, RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, cancellationToken);
        return secured;
    }

    private static Reply Judge(Question question, string response)
    {
        var statusEnd = response.IndexOf("\r\n", StringComparison.Ordinal);
        var bodyStart = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return statusEnd > 0 && bodyStart > 0 && response[..statusEnd].Split(' ') is ["HTTP/1.0" or "HTTP/1.1", "200", ..]
            ? Reply.Said(question.Greeting, response[(bodyStart + 4)..])
            : Reply.Other(statusEnd > 0 ? response[..statusEnd] : response);
    }

    private static CancellationTokenSource Limit(TimeSpan time, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        return limit;
    }
}
