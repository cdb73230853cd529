using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>From where a session was opened.</summary>
internal sealed record Device(Guid Id, string IpAddress, string? UserAgent, string Location)
{
    private const int LongestUserAgent = 512;

    public static Device Of(HttpRequest request)
    {
        string[] places = [request.Headers["Cf-Ipcity"].ToString(), request.Headers["Cf-Ipcountry"].ToString()];
        var location = string.Join(", ", places.Where(place => place.Length > 0));
        var agent = request.Headers.UserAgent.Count > 0 ? string.Join(' ', request.Headers.UserAgent.ToArray()) : null;
        return new Device(Guid.NewGuid(), ClientAddress(request), agent?[..Math.Min(agent.Length, LongestUserAgent)], location);
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id.ToString(),
        ["ip_address"] = IpAddress,
        ["user_agent"] = UserAgent,
        ["location"] = Location,
    };

    /// <summary>Kratos believes these headers, which is why the gateway must blank them.</summary>
    private static string ClientAddress(HttpRequest request)
    {
        foreach (var name in new[] { "True-Client-IP", "Cf-Connecting-IP", "X-Real-IP" })
        {
            if (!string.IsNullOrEmpty(request.Headers[name]))
            {
                return request.Headers[name].ToString();
            }
        }

        var connection = request.HttpContext.Connection;
        return $"{connection.RemoteIpAddress}:{connection.RemotePort}";
    }
}
