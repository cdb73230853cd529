namespace NovaId.AppHost.Startup;

/// <summary>Says what starts first where nothing has to wait.</summary>
internal static class StartOrderExtensions
{
    /// <summary>
    /// Makes others when this one has been made. They do not need it, but everything waits for this one in the end, and on few processors
    /// they would take their share of what it needs.
    /// </summary>
    public static IResourceBuilder<T> MadeBefore<T>(this IResourceBuilder<T> builder, params IResourceBuilder<IResourceWithWaitSupport>[] others)
        where T : IResource
    {
        if (!builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        foreach (var other in others)
        {
            other.WaitForStart(builder.ApplicationBuilder.CreateResourceBuilder<IResource>(builder.Resource));
        }

        return builder;
    }
}
