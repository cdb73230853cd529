namespace NovaId.AppHost.Drills;

/// <summary>Makes one service of the running zone fail, and brings it back.</summary>
/// <param name="engine">The container engine.</param>
/// <param name="plan">Which, and how.</param>
internal sealed class ServiceFailure(ContainerEngine engine, DrillPlan plan)
{
    private const string Gone = "gone";
    private const string Format = "{{.State.Status}} {{.State.StartedAt}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _container = plan.Service.Annotations.OfType<ContainerNameAnnotation>().Last().Name;

    /// <summary>Makes sure that there is something to fail.</summary>
    /// <exception cref="DrillException">It is not well.</exception>
    /// <exception cref="ContainerEngineException">The engine refused.</exception>
    public async Task EnsureWellAsync(CancellationToken cancellationToken)
    {
        if (await StateAsync(cancellationToken) is var state and not { Status: "running", Health: "healthy" })
        {
            throw new DrillException($"'{plan.Service.Name}' is {state.Status} {state.Health}".TrimEnd() + ": a drill would show nothing. Wait until it is healthy.");
        }
    }

    /// <summary>Makes it fail, and makes sure that it does.</summary>
    /// <exception cref="DrillException">It does not fail.</exception>
    /// <exception cref="ContainerEngineException">The engine refused.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var before = await StateAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        // Killing takes the command along that kills, so that only what is seen afterwards counts.
        await engine.TryRunAsync(Command, patience.Token);
        try
        {
            while (!HasFailed(before, await StateAsync(patience.Token)))
            {
                await Task.Delay(Interval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"'{plan.Service.Name}' did not fail within {Patience.TotalSeconds:0} s of '{engine.Program} {Command[0]}'. Look at its log.");
        }
    }

    /// <summary>Brings it back whatever has happened to it since, and waits until it runs. Where the application has ended and removed it, nothing is
    /// to be done.</summary>
    /// <exception cref="DrillException">It does not come back.</exception>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var state = await StateAsync(patience.Token);
                switch (state.Status)
                {
                    case "running" or Gone:
                        return;
                    case "paused":
                        await engine.TryRunAsync(["unpause", _container], patience.Token);
                        break;
                    case "exited" or "created":
                        await engine.TryRunAsync(["start", _container], patience.Token);
                        break;
                }

                await Task.Delay(Interval, patience.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ContainerEngineException)
        {
            throw new DrillException($"'{plan.Service.Name}' did not come back within {Patience.TotalSeconds:0} s. Start it: {engine.Program} unpause {_container}; {engine.Program} start {_container}.", exception);
        }
    }

    private string[] Command => plan.Mode switch
    {
        DrillMode.Stopped => ["stop", "--time", "2", _container],
        DrillMode.Hanging => ["pause", _container],
        // All that the service's user may kill in there: everything but the first process, which ends when its child has.
        _ => ["exec", _container, "sh", "-c", "kill -KILL -1"],
    };

    private bool HasFailed(State before, State now) => plan.Mode switch
    {
        DrillMode.Stopped => now.Status == "exited",
        DrillMode.Hanging => now.Status == "paused",
        _ => now.Status != "running" || now.Started != before.Started,
    };

    private async Task<State> StateAsync(CancellationToken cancellationToken)
    {
        var outcome = await engine.TryRunAsync(["inspect", "--type", "container", "--format", Format, _container], cancellationToken);
        return outcome.Output.Trim().Split(' ') is [var status, var started, .. var health] ? new(status, started, string.Concat(health)) : new(Gone, "", "");
    }

    private sealed record State(string Status, string Started, string Health);
}
