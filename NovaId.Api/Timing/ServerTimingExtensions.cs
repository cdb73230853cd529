using System.Diagnostics;

namespace NovaId.Api.Timing;

/// <summary>Telling the way of a request, where it is told at all.</summary>
internal static class ServerTimingExtensions
{
    /// <summary>Tells it in the Development environment and in no other. It stands before the decision is recorded, so that this counts too.</summary>
    public static WebApplication UseServerTiming(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.UseMiddleware<ServerTimingMiddleware>();
        }

        return app;
    }

    /// <summary>When a step begins; nothing where nobody asks.</summary>
    public static long Begin(this ServerTiming? timing) => timing is null ? 0 : Stopwatch.GetTimestamp();

    /// <summary>Notes a step where somebody asks, and is the step alone where nobody does.</summary>
    public static Task<T> Watch<T>(this ServerTiming? timing, StepQuestion question, long from, Task<T> step, Func<T, StepAnswer> read) =>
        timing is null ? step : timing.WatchAsync(question, from, step, read);
}
