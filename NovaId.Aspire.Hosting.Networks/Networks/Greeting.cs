namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// How one asks a service who it is, and what it alone answers. That a connection is accepted proves nothing: a proxy in between may
/// accept every connection.
/// </summary>
public sealed record Greeting
{
    private Greeting()
    {
    }

    /// <summary>The path to ask for over HTTP; null where <see cref="Sent"/> is sent as it is.</summary>
    public string? Path { get; private init; }

    /// <summary>The bytes to send, one to a character.</summary>
    public string Sent { get; private init; } = "";

    /// <summary>The regular expression that the answer matches; over HTTP the body of a 200.</summary>
    public required string Answer { get; init; }

    /// <summary>Whether the question is asked over TLS. Who answers is known by what they say; whether their certificate counts, those say who
    /// use the service.</summary>
    public bool IsOverTls { get; private init; }

    /// <summary>PostgreSQL's answer to the question whether it speaks TLS, one letter:
    /// <see href="https://www.postgresql.org/docs/17/protocol-message-formats.html"/> (SSLRequest).</summary>
    public static Greeting Postgres { get; } = new() { Sent = "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f", Answer = "^[NS]$" };

    /// <summary>The same of a server that does.</summary>
    public static Greeting PostgresWithTls { get; } = Postgres with { Answer = "^S$" };

    /// <summary>The line with which a mail server begins (RFC 5321, 4.2).</summary>
    public static Greeting Smtp { get; } = new() { Sent = "QUIT\r\n", Answer = "^220[ -]" };

    /// <summary>Metrics as Prometheus reads them.</summary>
    /// <param name="path">Their path.</param>
    /// <returns>The greeting.</returns>
    public static Greeting Metrics(string path) => Http(path, "^# (HELP|TYPE) ");

    /// <summary>A page that only this service has.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="answer">The regular expression that it matches.</param>
    /// <returns>The greeting.</returns>
    public static Greeting Http(string path, string answer) => new() { Path = path, Answer = answer };

    /// <summary>The same page over TLS.</summary>
    /// <returns>The greeting.</returns>
    /// <exception cref="InvalidOperationException">This is no page.</exception>
    public Greeting OverTls() => Path is null ? throw new InvalidOperationException("Only what is asked over HTTP is asked over TLS too.") : this with { IsOverTls = true };
}
