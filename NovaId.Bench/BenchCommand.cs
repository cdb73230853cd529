using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using NovaId.Bench.Costs;
using NovaId.Bench.Instances;
using NovaId.Bench.Measurement;
using NovaId.Bench.Report;
using NovaId.Bench.Soak;
using NovaId.Bench.Starts;

namespace NovaId.Bench;

/// <summary>The command: says how long it will take, measures, shows the figures, and writes them where it is told to.</summary>
internal static class BenchCommand
{
    private const string FileName = "performance.md";

    public static async Task<int> RunAsync(BenchOptions options, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            await (options switch
            {
                { Starts: { } starts } => StartsAsync(options, starts, output, cancellationToken),
                { Against: [var checkout, ..] } => throw new BenchException($"--against {checkout} goes with --starts only."),
                { Instances: null, ApiThrough: { } through } => throw new BenchException($"--api-through {through} goes with --instances only."),
                { Instances: { } instances } => InstancesAsync(options, instances, output, cancellationToken),
                { IsCost: true } => CostAsync(options, output, cancellationToken),
                { Soak: { } duration } => SoakAsync(options, duration, output, cancellationToken),
                _ => BenchAsync(options, output, cancellationToken),
            });
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Stopped.");
            return 1;
        }
        catch (Exception e) when (e is BenchException or InvalidOperationException or HttpRequestException or IOException or Win32Exception)
        {
            await errors.WriteLineAsync($"Nothing was measured. {e.Message}");
            return 1;
        }
    }

    private static async Task BenchAsync(BenchOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var plan = BenchPlan.For(options.Zone, options.IsQuick);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{PathCatalog.Count} paths at {string.Join(", ", BenchPlan.Connections)} connections, {plan.Rounds} rounds; {plan.GrowthZones.Count} zones for growth. About {plan.Estimate(PathCatalog.Count).TotalMinutes:0.0} min."));
        var before = await Machine.OtherLoadAsync(cancellationToken);
        var runner = new BenchRunner(options, plan, output);
        var figures = await runner.MeasureAsync(cancellationToken);
        var growth = await runner.MeasureGrowthAsync(cancellationToken);
        var after = await Machine.OtherLoadAsync(cancellationToken);

        var kind = options.Zone is BenchOptions.Emulator or BenchOptions.Native ? options.Zone : "elsewhere";
        var quick = options.IsQuick ? " --quick" : "";
        var command = $"dotnet run -c Release --project NovaId.Bench -- --zone {(kind == "elsewhere" ? "URL" : kind)}{quick}";
        var report = new BenchReport(figures, growth, plan, command, Machine.Current, DateOnly.FromDateTime(DateTime.UtcNow))
        {
            OtherLoad = before is { } first && after is { } second ? (first, second) : null,
        };
        await output.WriteLineAsync();
        await output.WriteLineAsync(report.Write(plot: null));
        if (options.Output is { } folder)
        {
            // The zone that anybody can repeat has the plain name.
            var plot = kind == BenchOptions.Emulator ? "performance.svg" : $"performance-{kind}.svg";
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, plot), PerformancePlot.Draw(figures, growth), cancellationToken);
            await MarkedSection.WriteAsync(Path.Combine(folder, FileName), kind, report.Write(plot));
            await output.WriteLineAsync($"Written to {Path.Combine(folder, FileName)}.");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"It took {Stopwatch.GetElapsedTime(startedAt).TotalMinutes:0.0} min."));
    }

    private static async Task InstancesAsync(BenchOptions options, int instances, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Zone != BenchOptions.Emulator || instances < 2)
        {
            throw new BenchException("--instances takes 2 or more, and runs on the emulator only.");
        }

        var report = await InstancesRunner.RunAsync(instances, options.ApiThrough, options.IsQuick, output, cancellationToken);
        await output.WriteLineAsync();
        await output.WriteLineAsync(report);
    }

    private static async Task CostAsync(BenchOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var report = await CostRunner.RunAsync(options.IsQuick, output, cancellationToken);
        await output.WriteLineAsync();
        await output.WriteLineAsync(report);
        if (options.Output is { } folder)
        {
            Directory.CreateDirectory(folder);
            await MarkedSection.WriteAsync(Path.Combine(folder, "scaling.md"), "cost", report);
        }
    }

    private static async Task StartsAsync(BenchOptions options, int starts, TextWriter output, CancellationToken cancellationToken)
    {
        if (starts < 1)
        {
            throw new BenchException("--starts takes 1 or more.");
        }

        var report = await StartRunner.RunAsync(starts, options.Against, output, cancellationToken);
        await output.WriteLineAsync();
        await output.WriteLineAsync(report);
        if (options.Output is { } folder)
        {
            Directory.CreateDirectory(folder);
            await MarkedSection.WriteAsync(Path.Combine(folder, FileName), "starts", report);
        }
    }

    private static async Task SoakAsync(BenchOptions options, TimeSpan duration, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Zone != BenchOptions.Emulator)
        {
            throw new BenchException("--soak runs on the emulator only.");
        }

        var report = await SoakRunner.RunAsync(options.ApiSettings, duration, output, cancellationToken);
        await output.WriteLineAsync();
        await output.WriteLineAsync(report);
        if (options.Output is { } folder)
        {
            Directory.CreateDirectory(folder);
            await MarkedSection.WriteAsync(Path.Combine(folder, FileName), "soak", report);
        }
    }
}
