using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Emulator.Network;

/// <summary>The server's end of a connection on the private network.</summary>
internal sealed class PrivateConnection : ConnectionContext
{
    private readonly CancellationTokenSource _closed = new();
    private int _ended;

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
        Transport.Input.CancelPendingRead();
        End(abortReason);
    }

    public override ValueTask DisposeAsync()
    {
        End(null);
        return base.DisposeAsync();
    }

    private void End(Exception? reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        Transport.Output.Complete(reason);
        Transport.Input.Complete(reason);
        _closed.Cancel();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
