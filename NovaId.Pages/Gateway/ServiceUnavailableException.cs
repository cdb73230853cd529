namespace NovaId.Pages.Gateway;

/// <summary>Somebody behind the gateway does not answer, or says that they cannot. A page says so; nothing was changed that it knows of.</summary>
/// <param name="service">Who.</param>
/// <param name="inner">What happened.</param>
#pragma warning disable CA1032 // It says who did not answer, always.
public sealed class ServiceUnavailableException(ZoneService service, Exception? inner = null)
    : Exception($"{service} does not answer.", inner)
#pragma warning restore CA1032
{
    /// <summary>Who does not answer.</summary>
    public ZoneService Service { get; } = service;
}
