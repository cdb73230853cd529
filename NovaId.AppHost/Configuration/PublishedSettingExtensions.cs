namespace NovaId.AppHost.Configuration;

/// <summary>Values that are settled while the zone runs here, and that whoever deploys may choose.</summary>
internal static class PublishedSettingExtensions
{
    /// <summary>The value itself while the application runs; a parameter with this value for its default in what it publishes.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="description">What it is, in one line.</param>
    public static ReferenceExpression PublishedSetting(this IDistributedApplicationBuilder builder, string name, string value, string description)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            return ReferenceExpression.Create($"{value}");
        }

        var parameter = builder.Resources.OfType<ParameterResource>().SingleOrDefault(parameter => parameter.Name == name)
            ?? builder.AddParameter(name, value, publishValueAsDefault: true).WithDescription(description).Resource;
        return ReferenceExpression.Create($"{parameter}");
    }

    /// <summary>The zone's address.</summary>
    public static ReferenceExpression PublishedAddress(this IDistributedApplicationBuilder builder, ZoneOptions options) =>
        builder.PublishedSetting("gateway-address", options.Address, "The gateway's address as its users see it, without a slash at its end");

    /// <summary>Keeps the databases for the next start, if that is wanted. What is published always keeps them, in a volume that the engine's
    /// client names after its folder.</summary>
    public static IResourceBuilder<PrivatePostgresServerResource> KeepData(this IResourceBuilder<PrivatePostgresServerResource> builder, ZoneOptions options) =>
        builder.ApplicationBuilder.ExecutionContext.IsPublishMode ? builder.WithDataVolume(builder.Resource.Name)
        : options.KeepData ? builder.WithDataVolume($"{options.Name}-{builder.Resource.Name}")
        : builder;
}
