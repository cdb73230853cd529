using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Proxy;

/// <summary>How long the gateway waits for its clients.</summary>
/// <param name="Read">For a whole request, with its body.</param>
/// <param name="Write">For a whole answer, counted from the request's headers.</param>
/// <param name="Idle">For the next request of a connection.</param>
internal sealed record ProxyTimeouts(TimeSpan Read, TimeSpan Write, TimeSpan Idle)
{
    public static readonly string[] Keys = ["read", "write", "idle"];

    public static ProxyTimeouts From(ConfigurationNode configuration) => new(
        Positive(configuration["read"], TimeSpan.FromSeconds(5)),
        Positive(configuration["write"], TimeSpan.FromSeconds(120)),
        Positive(configuration["idle"], TimeSpan.FromSeconds(120)));

    private static TimeSpan Positive(ConfigurationNode node, TimeSpan fallback) =>
        node.Duration(fallback) is var value && value > TimeSpan.Zero ? value : throw node.Error("must be longer than nothing.");
}
