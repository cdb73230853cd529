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

    /// <summary>A secret that only some of what is published takes, and that has no value here.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="description">What it is, in one line.</param>
    /// <param name="madeBy">What a shell runs to make one; null if whoever deploys knows it.</param>
    public static ParameterResource PublishedSecret(this IDistributedApplicationBuilder builder, string name, string description, string? madeBy = null)
    {
        var parameter = builder.CreateResourceBuilder(new ParameterResource(
            name, _ => throw new DistributedApplicationException($"'{name}' is a secret of what is published, and has no value here."), secret: true));
        parameter.Resource.Description = description;
        return (madeBy is null ? parameter : parameter.MadeBy(madeBy)).Resource;
    }

    /// <summary>The zone's host name, to which passkeys are bound.</summary>
    public static ReferenceExpression PublishedHost(this IDistributedApplicationBuilder builder, ZoneOptions options) =>
        builder.PublishedSetting("gateway-host", new Uri(options.Address).Host, "The host name of the gateway's address, to which passkeys are bound");

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
