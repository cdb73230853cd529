using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace NovaId.Tests.Audit;

/// <summary>Settings for an API under test.</summary>
internal static class LogSettings
{
    /// <summary>The smallest segments there are: some eighty records each.</summary>
    public static (string Key, string Value) SmallSegments { get; } = ("AccessLog:SegmentBytes", "65536");

    public static Action<WebApplicationBuilder> Of(params (string Key, string Value)[] settings) => builder =>
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
}
