using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace NovaId.Emulator.Network;

/// <summary>
/// The private network of the embedded zone: names such as <c>kratos:4433</c> that resolve nowhere else. A service listens on a
/// <see cref="PrivateEndPoint"/> and opens no port of the machine; a client reaches it through <see cref="CreateHandler"/>.
/// </summary>
public sealed class PrivateNetwork
{
    private readonly ConcurrentDictionary<(string Host, int Port), PrivateListener> _listeners = new();
    private readonly ConcurrentDictionary<(string Host, int Port), IPEndPoint> _routes = new();
    private readonly ConcurrentDictionary<(string Host, int Port), IPEndPoint> _diversions = new();

    /// <summary>
    /// Makes a name of this network stand for a socket of the machine, as the API's does: it lives on the edge network.
    /// </summary>
    /// <param name="host">The name, for example <c>api</c>.</param>
    /// <param name="port">The port that callers on this network name.</param>
    /// <param name="target">The socket behind it.</param>
    public void Route(string host, int port, IPEndPoint target) => _routes[(Key(host), port)] = target;

    /// <summary>
    /// A handler whose connections stay on this network. It follows no redirect, keeps no cookie and uses no proxy; the caller owns it.
    /// </summary>
    /// <returns>The handler. A name that nothing listens on fails as a refused connection does.</returns>
    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = async (context, cancellationToken) =>
            await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        // In kilobytes: Go's client takes more than any service here sends.
        MaxResponseHeadersLength = 100,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>Whether a service of this network listens at an address, and not something on a socket of the machine.</summary>
    internal bool IsService(Uri address) => _listeners.ContainsKey((Key(address.Host), address.Port));

    /// <summary>Opens a connection to a name of this network.</summary>
    /// <param name="host">The name.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The client's end of the connection.</returns>
    /// <exception cref="SocketException">Nothing listens there (<see cref="SocketError.ConnectionRefused"/>).</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var key = (Key(host), port);
        return _diversions.TryGetValue(key, out var diversion)
            ? await ConnectAsync(diversion, cancellationToken)
            : await ConnectBehindAsync(host, port, cancellationToken);
    }

    /// <summary>Leads whoever connects to a name to a socket of the machine, whatever listens on the name.</summary>
    internal void Divert(string host, int port, IPEndPoint target) => _diversions[(Key(host), port)] = target;

    /// <summary>Opens a connection to a name past a diversion, for what stands in between.</summary>
    internal async ValueTask<Stream> ConnectBehindAsync(string host, int port, CancellationToken cancellationToken)
    {
        var key = (Key(host), port);
        if (_listeners.TryGetValue(key, out var listener))
        {
            return listener.Connect();
        }

        return _routes.TryGetValue(key, out var target)
            ? await ConnectAsync(target, cancellationToken)
            : throw new SocketException((int)SocketError.ConnectionRefused);
    }

    internal PrivateListener Listen(PrivateEndPoint endPoint)
    {
        var listener = new PrivateListener(endPoint, Remove);
        if (!_listeners.TryAdd((Key(endPoint.Host), endPoint.Port), listener))
        {
            throw new AddressInUseException($"{endPoint} is in use on the private network.");
        }

        return listener;
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Remove(PrivateListener listener) =>
        _listeners.TryRemove(new KeyValuePair<(string, int), PrivateListener>((Key(listener.Name.Host), listener.Name.Port), listener));

    private static string Key(string host) => host.ToLowerInvariant();
}
