using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Emulator.Network;

/// <summary>The server's end of a connection on the private network.</summary>
internal sealed class PrivateConnection : ConnectionContext
{
    private readonly CancellationTokenSource _closed = new();

    public PrivateConnection(PrivateEndPoint name, PipeReader input, PipeWriter output)
    {
        Transport = new DuplexPipe(input, output);
        ConnectionId = Guid.NewGuid().ToString("N");
        ConnectionClosed = _closed.Token;
        // Kestrel takes HttpContext.Connection.LocalPort from here: services tell their ports apart by it.
        LocalEndPoint = new IPEndPoint(IPAddress.Loopback, name.Port);
        RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 0);
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // The pipes may be in use on another thread: what waits is woken, and the server disposes of the connection when it has let go.
        Transport.Input.CancelPendingRead();
        Transport.Output.CancelPendingFlush();
        _ = _closed.CancelAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await _closed.CancelAsync();
        await base.DisposeAsync();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
