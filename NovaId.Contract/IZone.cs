using System.Net.Security;

namespace NovaId.Contract;

/// <summary>One running zone, of whatever kind: what the contract suite needs to know of it. Everything else it finds out over HTTP.</summary>
public interface IZone
{
    /// <summary>What kind of zone it is, for messages: emulator, real Ory programs, containers, or an address.</summary>
    string Kind { get; }

    /// <summary>The gateway's address, for example <c>http://localhost:4455</c>.</summary>
    Uri Gateway { get; }

    /// <summary>The API's own address, where the test can reach it past the gateway; null where the network forbids it.</summary>
    Uri? Api { get; }

    /// <summary>Whether several instances of the API take turns, with one database.</summary>
    bool HasApiInstances => false;

    /// <summary>What is asked about the gateway's certificate, where <see cref="Gateway"/> is reached over TLS and this machine does not trust it; null
    /// where nothing is.</summary>
    RemoteCertificateValidationCallback? GatewayCertificate => null;

    /// <summary>What is asked about the API's certificate, where <see cref="Api"/> is reached over TLS and not by the API's name; null where nothing is.</summary>
    RemoteCertificateValidationCallback? ApiCertificate => null;

    /// <summary>The service client <c>novaid-operator</c>, which passes every <c>/svc</c> route of the gateway.</summary>
    ServiceClient Operator { get; }

    /// <summary>What the API receives from the gateway; null where nothing can be put between the two.</summary>
    IUpstreamRecorder? Upstream { get; }

    /// <summary>The switches that make services fail; null where the zone has none, or where others use it at the same time.</summary>
    IFaults? Faults => null;

    /// <summary>Whether <see cref="ExpireSessionAsync"/> can be called.</summary>
    bool CanExpireSessions { get; }

    /// <summary>Whether the zone and everything in it is gone after the tests; otherwise every case removes what it made.</summary>
    bool EndsWithTheTests { get; }

    /// <summary>Starts the zone if that has not been done, or waits until it answers. A zone that cannot be had here skips the test
    /// with the reason (<c>Assert.Skip</c>).</summary>
    ValueTask EnsureReadyAsync();

    /// <summary>Makes a session of Kratos run out now, as if its lifespan had passed.</summary>
    /// <param name="sessionId">The id of the session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotSupportedException"><see cref="CanExpireSessions"/> is false.</exception>
    Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Whether <see cref="ExpireCodesAsync"/> can be called.</summary>
    bool CanExpireCodes => false;

    /// <summary>Makes the codes that were mailed for a flow of Kratos run out now, as if their lifespan had passed.</summary>
    /// <param name="flowId">The id of the flow.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotSupportedException"><see cref="CanExpireCodes"/> is false.</exception>
    Task ExpireCodesAsync(string flowId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Whether <see cref="AgeSessionAsync"/> can be called.</summary>
    bool CanAgeSessions { get; }

    /// <summary>Moves the login of a session of Kratos back in time, as if it had happened that much earlier.</summary>
    /// <param name="sessionId">The id of the session.</param>
    /// <param name="age">By how much.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotSupportedException"><see cref="CanAgeSessions"/> is false.</exception>
    Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken);
}
