using Microsoft.Extensions.Options;
using NovaId.Pages.Configuration;

namespace NovaId.Demo.Login;

/// <summary>
/// Takes what the library asks to the gateway. Hydra's addresses are the ones that browsers know, which this program may have to reach by
/// another; and it reaches nothing else.
/// </summary>
internal sealed class GatewayHandler(HttpMessageHandler inner, IOptions<GatewayOptions> options) : DelegatingHandler(inner)
{
    private readonly Uri _known = new(options.Value.Origin);
    private readonly Uri _reached = new(options.Value.Address!);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (Uri.Compare(address, _known, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new HttpRequestException("This app asks the gateway only.");
        }

        request.RequestUri = new Uri(_reached, address.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
