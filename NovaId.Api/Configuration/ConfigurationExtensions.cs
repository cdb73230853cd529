using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Typed configuration, checked before anything listens.</summary>
internal static class ConfigurationExtensions
{
    public static WebApplicationBuilder AddApiConfiguration(this WebApplicationBuilder builder)
    {
        // Beneath everything else, so that a file or the environment can say otherwise. The decision record tells of each request already.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", nameof(LogLevel.Warning))],
        });
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        builder.Services.AddOptions<StorageOptions>().Bind(builder.Configuration.GetSection(StorageOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccessLogOptions>, AccessLogOptionsValidator>();
        builder.Services.AddOptions<AccessLogOptions>()
            .Configure(options => Explain(() => builder.Configuration.GetSection(AccessLogOptions.Section).Bind(options)))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddOptions<LimitOptions>()
            .Configure(options => Explain(() => builder.Configuration.GetSection(LimitOptions.Section).Bind(options)))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AssuranceOptions>, AssuranceOptionsValidator>();
        builder.Services.AddOptions<AssuranceOptions>()
            .Configure(options => Explain(() => builder.Configuration.GetSection(AssuranceOptions.Section).Bind(options)))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        builder.Services.AddOptions<ShutdownOptions>()
            .Configure(options => Explain(() => builder.Configuration.GetSection(ShutdownOptions.Section).Bind(options)))
            .ValidateOnStart();
        builder.Services.AddOptions<VersionOptions>()
            .Configure(options => Explain(() => builder.Configuration.GetSection(VersionOptions.Section).Bind(options)))
            .ValidateOnStart();
        return builder;
    }

    /// <summary>The binder names the key and the value, but not what to write instead.</summary>
    private static void Explain(Action bind)
    {
        try
        {
            bind();
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(ConfigurationExtensions),
                [$"{e.Message} Write a number as 200, a time as days.hours:minutes:seconds, for example 30.00:00:00, a choice as true or false, and a "
                    + "name as docs/configuration.md spells it."]);
        }
    }
}
