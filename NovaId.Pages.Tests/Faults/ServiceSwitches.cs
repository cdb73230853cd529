using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NovaId.Emulator.Network;

namespace NovaId.Pages.Tests.Faults;

/// <summary>Stands before the addresses of the services and hands every connection on, until a service is to be gone: then its connections
/// break, and new ones are refused or never answered.</summary>
internal sealed class ServiceSwitches : IAsyncDisposable
{
    private static readonly (string Host, int Port)[] Names = [("kratos", 4433), ("kratos", 4434), ("hydra", 4444), ("hydra", 4445)];

    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private readonly ConcurrentBag<(string Service, TcpListener Listener)> _listeners = [];
    private readonly ConcurrentDictionary<TcpClient, string> _connections = new();

    /// <summary>Stands before Kratos and Hydra, and before the gateway as the API and the pages see it.</summary>
    public Task<Uri> InterposeAsync(PrivateNetwork network, Uri gateway)
    {
        foreach (var (host, port) in Names)
        {
            network.Divert(host, port, Listen(host, cancellationToken => network.ConnectBehindAsync(host, port, cancellationToken)));
        }

        return StandBeforeAsync("gateway", gateway);
    }

    /// <summary>Stands before the API.</summary>
    public IPEndPoint StandBeforeApi(IPEndPoint api) => Listen("api", cancellationToken => ConnectAsync(api, cancellationToken));

    /// <summary>Stands before whatever listens on a socket of the machine.</summary>
    /// <param name="service">Who that is.</param>
    /// <param name="address">Where.</param>
    /// <returns>Where the others find it.</returns>
    public Task<Uri> StandBeforeAsync(string service, Uri address)
    {
        var behind = new IPEndPoint(IPAddress.Loopback, address.Port);
        return Task.FromResult(new Uri($"http://{Listen(service, cancellationToken => ConnectAsync(behind, cancellationToken))}"));
    }

    /// <summary>From now on every service is there.</summary>
    public void RestoreAll() => _gone.Clear();

    /// <summary>From now on a service is gone.</summary>
    /// <param name="service">Which.</param>
    /// <param name="hangs">Whether it takes connections and never answers, instead of refusing them.</param>
    public void Fail(string service, bool hangs)
    {
        _gone[service] = hangs;
        foreach (var (connection, name) in _connections)
        {
            if (name == service)
            {
                connection.Dispose();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (_, listener) in _listeners)
        {
            listener.Dispose();
        }

        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private IPEndPoint Listen(string service, Func<CancellationToken, ValueTask<Stream>> connect)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add((service, listener));
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();
                _connections[connection] = service;
                _ = Task.Run(() => HandOnAsync(service, connection, connect));
            }
        });
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private async Task HandOnAsync(string service, TcpClient connection, Func<CancellationToken, ValueTask<Stream>> connect)
    {
        if (_gone.TryGetValue(service, out var hangs))
        {
            if (!hangs)
            {
                connection.Dispose();
            }

            return;
        }

        try
        {
            connection.NoDelay = true;
            await using var target = await connect(CancellationToken.None);
            var near = connection.GetStream();
            await Task.WhenAny(near.CopyToAsync(target), target.CopyToAsync(near));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is over.
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
