using System.Diagnostics;
using System.Globalization;
using System.Net;
using NovaId.Bench.Zones;
using NovaId.Emulator.Network;

namespace NovaId.Bench.Starts;

/// <summary>
/// The floor: the containers of what is published by the engine's own client, each as soon as what it depends on is there, and the API
/// beside them. Health is not asked for in turns; the engine's stream of events tells it.
/// </summary>
internal sealed class EngineStart(string published, IReadOnlyDictionary<string, string> variables) : IStart
{
    private const string Docker = "docker";

    public string Title => "the engine's client alone";

    public Task<IAsyncDisposable> BeginAsync(int gatewayPort, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new Running(published, variables, gatewayPort));

    private sealed class Running : IAsyncDisposable
    {
        private readonly string _prefix = $"novaid-floor-{Guid.NewGuid():N}"[..20];
        private readonly DirectoryInfo _contents = Directory.CreateTempSubdirectory("novaid-floor-");
        private readonly CancellationTokenSource _end = new();
        private readonly Dictionary<string, TaskCompletionSource> _healthy;
        private readonly Dictionary<string, TaskCompletionSource> _ended;
        private readonly IReadOnlyList<FloorService> _services;
        private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _networks;
        private readonly Task _work;
        private Process? _events;
        private ApiProcess? _api;

        public Running(string published, IReadOnlyDictionary<string, string> variables, int gatewayPort)
        {
            (_services, _networks) = ComposeFile.Read(published, variables, gatewayPort, _contents.FullName);
            (_healthy, _ended) = (Events(), Events());
            _work = StartAllAsync(gatewayPort, variables["API_CLIENT_KEY"], _end.Token);

            Dictionary<string, TaskCompletionSource> Events() =>
                _services.ToDictionary(service => service.Name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        public override string ToString() => _work.Exception?.InnerException?.Message ?? "";

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _work.ContinueWith(static _ => { }, TaskScheduler.Default);
            _events?.Kill();
            _events?.Dispose();
            if (_api is not null)
            {
                await _api.DisposeAsync();
            }

            await Client.RunAsync(Docker, ["rm", "--force", "--volumes", .. _services.Select(ContainerOf)], CancellationToken.None);
            foreach (var network in _networks.Keys)
            {
                await Client.RunAsync(Docker, ["network", "rm", "--force", NetworkOf(network)], CancellationToken.None);
            }

            _contents.Delete(recursive: true);
            _end.Dispose();
        }

        private async Task StartAllAsync(int gatewayPort, string clientKey, CancellationToken cancellationToken)
        {
            Listen();
            await Task.WhenAll(_networks.Select(network =>
                Client.RunAsync(Docker, ["network", "create", .. network.Value, NetworkOf(network.Key)], cancellationToken)));
            await Task.WhenAll([.. _services.Select(service => StartAsync(service, cancellationToken)), StartApiAsync(gatewayPort, clientKey, cancellationToken)]);
        }

        private async Task StartAsync(FloorService service, CancellationToken cancellationToken)
        {
            await Client.RunAsync(Docker, Create(service), cancellationToken);
            await Task.WhenAll([
                .. service.AfterHealthy.Select(name => _healthy[name].Task.WaitAsync(cancellationToken)),
                .. service.AfterEnd.Select(name => _ended[name].Task.WaitAsync(cancellationToken))]);
            await Client.RunAsync(Docker, ["start", ContainerOf(service)], cancellationToken);
        }

        private async Task StartApiAsync(int gatewayPort, string clientKey, CancellationToken cancellationToken)
        {
            var gateway = new UriBuilder(Uri.UriSchemeHttp, "localhost", gatewayPort).Uri;
            _api = await ApiProcess.StartAsync(
                new IPEndPoint(IPAddress.Loopback, LoopbackPorts.Take(1)[0]), gateway, clientKey, new Dictionary<string, string>(), cancellationToken);
        }

        /// <summary>One stream of events in place of a question in turns.</summary>
        private void Listen()
        {
            _events = Process.Start(new ProcessStartInfo(
                Docker, ["events", "--filter", $"label={_prefix}", "--format", "{{.Actor.Attributes.name}} {{.Action}} {{.Actor.Attributes.exitCode}}"])
            {
                RedirectStandardOutput = true,
            })!;
            _events.OutputDataReceived += (_, line) =>
            {
                if (line.Data?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [{ } container, { } action, .. var rest]
                    || _services.FirstOrDefault(service => ContainerOf(service) == container) is not { } service)
                {
                    return;
                }

                if (action == "health_status:" && rest[0] == "healthy")
                {
                    _healthy[service.Name].TrySetResult();
                }
                else if (action == "die" && rest is ["0"])
                {
                    _ended[service.Name].TrySetResult();
                }
                else if (action == "die")
                {
                    _ended[service.Name].TrySetException(new BenchException($"{service.Name} ended with {string.Join(' ', rest)}."));
                }
            };
            _events.BeginOutputReadLine();
        }

        private IEnumerable<string> Create(FloorService service)
        {
            yield return "create";
            foreach (var argument in (string[])["--name", ContainerOf(service), "--hostname", service.Name, "--label", _prefix, "--dns", "127.0.0.1"])
            {
                yield return argument;
            }

            foreach (var network in service.Networks)
            {
                yield return "--network";
                yield return $"name={NetworkOf(network)},alias={service.Name}";
            }

            foreach (var (name, value) in service.Environment)
            {
                yield return "--env";
                yield return $"{name}={value}";
            }

            foreach (var (target, source) in service.Files)
            {
                yield return "--volume";
                yield return $"{source}:{target}:ro";
            }

            if (service.Port is { } port)
            {
                yield return "--publish";
                yield return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port.Open}:{port.Inside}");
            }

            if (service.Health is { } health)
            {
                foreach (var argument in (string[])["--health-cmd", health, "--health-interval", "5s", "--health-start-period", "60s", "--health-start-interval", "500ms"])
                {
                    yield return argument;
                }
            }

            if (service.Entrypoint is [var entrypoint, ..])
            {
                yield return "--entrypoint";
                yield return entrypoint;
            }

            yield return service.Image;
            foreach (var argument in service.Entrypoint.Skip(1).Concat(service.Command))
            {
                yield return argument;
            }
        }

        private string ContainerOf(FloorService service) => $"{_prefix}-{service.Name}";

        private string NetworkOf(string network) => $"{_prefix}-{network}";
    }
}
