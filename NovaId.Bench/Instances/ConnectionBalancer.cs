using System.Net;
using System.Net.Sockets;

namespace NovaId.Bench.Instances;

/// <summary>Hands each new connection to the next instance of the API and looks into none.</summary>
internal sealed class ConnectionBalancer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint[] _instances;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public ConnectionBalancer(IPEndPoint endPoint, IPEndPoint[] instances)
    {
        _instances = instances;
        _listener = new TcpListener(endPoint);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            for (var next = 0; ; next++)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                open.RemoveAll(connection => connection.IsCompleted);
                open.Add(CarryAsync(client, _instances[next % _instances.Length]));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(TcpClient client, IPEndPoint instance)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(instance, _stopping.Token);
                await using var here = client.GetStream();
                await using var there = server.GetStream();
                await Task.WhenAny(here.CopyToAsync(there, _stopping.Token), there.CopyToAsync(here, _stopping.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // Whoever is at the other end sees it too.
            }
        }
    }
}
