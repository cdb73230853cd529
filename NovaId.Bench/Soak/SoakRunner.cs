using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NovaId.Bench.Load;
using NovaId.Bench.Measurement;
using NovaId.Bench.Population;
using NovaId.Bench.Report;
using NovaId.Bench.Zones;

namespace NovaId.Bench.Soak;

/// <summary>
/// Mixed load at a modest rate on the emulator zone, for as long as one likes, and a look every ten seconds at what the processes use.
/// </summary>
internal sealed class SoakRunner
{
    private const int Readers = 4;
    private const int Lives = 2;
    private const int KeptErrors = 5;

    private static readonly TimeSpan ReaderPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LifePause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(10);

    private readonly EmulatorZone _zone;
    private readonly ZonePopulation _population;
    private readonly TimeSpan _duration;
    private readonly TimeSpan _latencyInterval;
    private readonly TextWriter _progress;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly List<SoakSample> _samples = [];
    private readonly List<SoakLatency> _latencies = [];
    private readonly ConcurrentQueue<string> _firstErrors = new();
    private ConcurrentBag<float> _milliseconds = [];
    private int _errors;

    private SoakRunner(EmulatorZone zone, ZonePopulation population, TimeSpan duration, TextWriter progress)
    {
        (_zone, _population, _duration, _progress) = (zone, population, duration, progress);
        _latencyInterval = duration >= TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(1) : SampleInterval;
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <returns>The report.</returns>
    public static async Task<string> RunAsync(
        IReadOnlyDictionary<string, string> apiSettings,
        TimeSpan duration,
        TextWriter progress,
        CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Mixed load on the emulator zone for {duration.TotalMinutes:0.#} minutes."));
        await using var zone = await EmulatorZone.StartAsync(configurationFolder: null, apiSettings, cancellationToken);
        await using var population = await ZonePopulation.CreateAsync(zone, BenchPlan.People, cancellationToken);
        var runner = new SoakRunner(zone, population, duration, progress);
        await runner.RunAsync(cancellationToken);
        var report = new SoakReport(duration, runner._samples, runner._latencies, runner._errors, [.. runner._firstErrors]);
        return report.Write(Machine.Current, DateOnly.FromDateTime(DateTime.UtcNow));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var paths = PathCatalog.Create(_zone, _population).Where(path => path.Limit is not null).ToList();
        using var load = new LoadGenerator(Readers);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = Task.WhenAll(
        [
            .. Enumerable.Range(0, Readers).Select(reader => ReadAsync(load, paths, reader, ended.Token)),
            .. Enumerable.Range(0, Lives).Select(_ => LiveAsync(ended.Token)),
        ]);
        try
        {
            await WatchAsync(cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await work;
        }
    }

    private async Task ReadAsync(LoadGenerator load, List<MeasuredPath> paths, int reader, CancellationToken ended)
    {
        for (var turn = reader; !ended.IsCancellationRequested; turn++)
        {
            await AttemptAsync(async () =>
            {
                _milliseconds.Add(await load.SendAsync(paths[turn % paths.Count].Workload, reader, ended));
                await Task.Delay(ReaderPause, ended);
            });
        }
    }

    private async Task LiveAsync(CancellationToken ended)
    {
        var life = new SoakLife(_population, LifePause);
        while (!ended.IsCancellationRequested)
        {
            await AttemptAsync(() => life.RunAsync(ended));
        }
    }

    /// <summary>An error is counted, and the load goes on: one hour is to show them all.</summary>
    private async Task AttemptAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (Exception e) when (e is BenchException or HttpRequestException)
        {
            if (Interlocked.Increment(ref _errors) <= KeptErrors)
            {
                _firstErrors.Enqueue(e.Message);
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SampleInterval);
        var latencyAt = _latencyInterval;
        var shownAt = TimeSpan.Zero;
        while (Elapsed < _duration && await timer.WaitForNextTickAsync(cancellationToken))
        {
            await AttemptAsync(() => _population.RenewAsync(cancellationToken));
            var (api, host) = (_zone.ApiProcess, _zone.HostProcess);
            var heap = await _zone.HeapAsync(cancellationToken);
            _samples.Add(new(Elapsed, api.Resident, api.Handles, api.Threads, host.Resident, heap, host.Handles, host.Threads));
            if (Elapsed + (SampleInterval / 2) >= latencyAt)
            {
                TakeLatency();
                latencyAt += _latencyInterval;
            }

            if (Elapsed - shownAt >= TimeSpan.FromMinutes(1))
            {
                shownAt = Elapsed;
                await _progress.WriteLineAsync(Progress());
            }
        }
    }

    private void TakeLatency()
    {
        float[] taken = [.. Interlocked.Exchange(ref _milliseconds, [])];
        if (taken.Length > 0)
        {
            Array.Sort(taken);
            _latencies.Add(new(Elapsed, taken.Length, Statistics.Percentile<float>(taken, 50), Statistics.Percentile<float>(taken, 99)));
        }
    }

    private string Progress()
    {
        var (sample, latency) = (_samples[^1], _latencies.LastOrDefault());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.At.TotalMinutes,5:0.0} min  p50 {latency?.Median:0.00} ms, p99 {latency?.P99:0.00} ms; API {sample.ApiMemory / 1e6:0} MB, {sample.ApiHandles} handles, {sample.ApiThreads} threads; zone {sample.ZoneMemory / 1e6:0} MB, heap {sample.ZoneHeap / 1e6:0} MB, {sample.ZoneHandles} handles; {_errors} errors");
    }
}
