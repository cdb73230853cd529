using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NovaId.Api.Gateway;

/// <summary>A call of one of the gateway's <c>/svc</c> routes. It can be sent twice, so its body is bytes.</summary>
/// <param name="Service">The service behind the route.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the gateway's address.</param>
/// <param name="IsRead">Whether nothing changes by it, so that it may be sent again.</param>
internal sealed record GatewayRequest(GatewayService Service, HttpMethod Method, string Path, bool IsRead)
{
    private static readonly MediaTypeWithQualityHeaderValue AcceptedMediaType = new("application/json");
    private static readonly MediaTypeHeaderValue JsonMediaType = new("application/json");
    private static readonly MediaTypeHeaderValue FormMediaType = new("application/x-www-form-urlencoded");

    private byte[]? _body;
    private MediaTypeHeaderValue? _mediaType;

    /// <summary>The longest answer that is read.</summary>
    public int MaximumAnswerLength { get; init; } = GatewayResponse.MaximumLength;

    public static GatewayRequest Read(GatewayService service, string path) => new(service, HttpMethod.Get, path, IsRead: true);

    public static GatewayRequest ReadList(GatewayService service, string path) =>
        Read(service, path) with { MaximumAnswerLength = GatewayResponse.MaximumListLength };

    public GatewayRequest WithJson<T>(T value, JsonTypeInfo<T> type) =>
        this with { _body = JsonSerializer.SerializeToUtf8Bytes(value, type), _mediaType = JsonMediaType };

    public GatewayRequest WithForm(string encoded) =>
        this with { _body = System.Text.Encoding.ASCII.GetBytes(encoded), _mediaType = FormMediaType };

    public HttpRequestMessage ToMessage(Uri gateway)
    {
        var message = new HttpRequestMessage(Method, new Uri(gateway, Path));
        message.Headers.Accept.Add(AcceptedMediaType);
        if (_body is not null)
        {
            message.Content = new ByteArrayContent(_body) { Headers = { ContentType = _mediaType } };
        }

        return message;
    }

    /// <summary>Method and path, and never the body, which may hold a token.</summary>
    public override string ToString() => $"{Method} {Path}";
}
