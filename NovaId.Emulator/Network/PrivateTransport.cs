using System.Net;
using Microsoft.AspNetCore.Connections;

namespace NovaId.Emulator.Network;

/// <summary>Lets Kestrel listen on the private network: it takes every <see cref="PrivateEndPoint"/> and nothing else.</summary>
internal sealed class PrivateTransport(PrivateNetwork network) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is PrivateEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(network.Listen((PrivateEndPoint)endpoint));
}
