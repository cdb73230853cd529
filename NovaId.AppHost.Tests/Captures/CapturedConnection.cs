using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>One connection, or all datagrams between two ends, as they passed a network.</summary>
/// <param name="network">The network that it was seen on.</param>
/// <param name="client">Who began.</param>
/// <param name="server">Who was asked.</param>
/// <param name="since">When.</param>
/// <param name="isTcp">Whether it is a connection.</param>
internal sealed partial class CapturedConnection(string network, IPEndPoint client, IPEndPoint server, DateTimeOffset since, bool isTcp = true)
{
    private const int CancelRequestLength = 16;

    private static readonly byte[] PostgresAsksForTls = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] PostgresCancelRequest = [0, 0, 0, CancelRequestLength, 4, 210, 22, 46];

    private IReadOnlyList<byte[]>? _asked;
    private IReadOnlyList<byte[]>? _answered;

    public string Network { get; } = network;

    public IPEndPoint Client { get; } = client;

    public IPEndPoint Server { get; } = server;

    public DateTimeOffset Since { get; } = since;

    public CapturedStream FromClient { get; } = new();

    public CapturedStream FromServer { get; } = new();

    /// <summary>Whether every byte of both sides was seen, from the first on.</summary>
    public bool IsWhole => !isTcp || (FromClient.Start is not null && Asked.Count <= 1 && Answered.Count <= 1);

    /// <summary>Whether nobody said anything: nothing but a connection was wanted, or the network spoke of itself (ICMP).</summary>
    public bool IsSilent => Server.Port == 0 || (Asked.Count == 0 && Answered.Count == 0);

    /// <summary>Whether both sides began with TLS, after the words with which a client of PostgreSQL or of a mail server asks for it.</summary>
    public bool HasHandshake => IsOpaque && TlsRecords.Begin(AfterTheWish.Asked, TlsRecords.ClientHello) && TlsRecords.Begin(AfterTheWish.Answered, TlsRecords.ServerHello);

    /// <summary>Whether everything that was said is in records of TLS.</summary>
    public bool IsOpaque => isTcp && IsWhole && TlsRecords.AreAll(AfterTheWish.Asked) && TlsRecords.AreAll(AfterTheWish.Answered);

    /// <summary>Whether a client of PostgreSQL said nothing but that a statement of its own is to be given up: the number of a connection and its key
    /// (<see href="https://www.postgresql.org/docs/17/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CANCELREQUEST"/>). pgx v5 does so in the
    /// clear, wherever it did not wait for an answer to its end.</summary>
    public bool IsCancellation => isTcp && IsWhole && Answered.Count == 0
        && Asked is [{ Length: CancelRequestLength } asked] && asked.AsSpan().StartsWith(PostgresCancelRequest);

    /// <summary>All that was said, one byte to a character, without gaps inside of a text.</summary>
    public IEnumerable<string> Texts => Asked.Concat(Answered).Select(Encoding.Latin1.GetString);

    private IReadOnlyList<byte[]> Asked => _asked ??= FromClient.Assemble();

    private IReadOnlyList<byte[]> Answered => _answered ??= FromServer.Assemble();

    private (byte[] Asked, byte[] Answered) AfterTheWish
    {
        get
        {
            byte[] asked = [.. Asked.SelectMany(piece => piece)], answered = [.. Answered.SelectMany(piece => piece)];
            if (asked.AsSpan().StartsWith(PostgresAsksForTls) && answered is [(byte)'S', ..] or [])
            {
                return (asked[PostgresAsksForTls.Length..], [.. answered.Skip(1)]);
            }

            var (wish, consent) = (MailClientAsksForTls().Match(Encoding.Latin1.GetString(asked)), MailServerBeginsTls().Match(Encoding.Latin1.GetString(answered)));
            return wish.Success && consent.Success ? (asked[wish.Length..], answered[consent.Length..]) : (asked, answered);
        }
    }

    /// <summary>A greeting and the wish (RFC 3207), and not a word more.</summary>
    [GeneratedRegex(@"\AEHLO [^\r\n]*\r\nSTARTTLS\r\n")]
    private static partial Regex MailClientAsksForTls();

    [GeneratedRegex(@"\A220 [^\r\n]*\r\n(250-[^\r\n]*\r\n)*250 [^\r\n]*\r\n220 [^\r\n]*\r\n")]
    private static partial Regex MailServerBeginsTls();
}
