using NovaId.Bench;
using NovaId.Bench.Starts;

namespace NovaId.Tests.Bench;

public sealed class ComposeFileTests : IDisposable
{
    private const string Published =
        """
        services:
          gateway:
            image: docker.io/somebody/gateway:v1
            command:
              - serve
            environment:
              ADDRESS: ${ADDRESS:-http://localhost:4455}
              PASSWORD: ${PASSWORD:?set it in .env}
              SHELL: $${HOME}
            ports:
              - 127.0.0.1:4455:4400
            healthcheck:
              test:
                - CMD-SHELL
                - wget http://127.0.0.1/ready
            depends_on:
              job:
                condition: service_completed_successfully
              other:
                condition: service_healthy
            networks:
              - private
              - edge
            configs:
              - source: rules
                target: /etc/rules.yml
              - source: key
                target: /etc/key.json
          api:
            image: ${API_IMAGE:?set it in .env}
            networks:
              - lonely
        networks:
          private:
            driver_opts:
              com.docker.network.bridge.gateway_mode_ipv4: isolated
            internal: true
          edge:
            internal: false
          lonely:
            internal: false
        configs:
          rules:
            file: ./config/rules.yml
          key:
            content: ${KEY:?set it in .env}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-tests-");

    public ComposeFileTests() => File.WriteAllText(Path.Combine(_folder.FullName, "docker-compose.yaml"), Published);

    [Fact]
    public void A_service_is_read_with_its_variables_filled_in()
    {
        var service = Assert.Single(Read(new() { ["PASSWORD"] = "pass", ["KEY"] = "{}" }).Services);

        Assert.Equal(("gateway", "docker.io/somebody/gateway:v1", "wget http://127.0.0.1/ready"), (service.Name, service.Image, service.Health));
        Assert.Equal(["serve"], service.Command);
        Assert.Empty(service.Entrypoint);
        Assert.Equal(
            new Dictionary<string, string> { ["ADDRESS"] = "http://localhost:4455", ["PASSWORD"] = "pass", ["SHELL"] = "${HOME}" },
            service.Environment);
        Assert.Equal(new FloorPort(5000, 4400), service.Port);
        Assert.Equal(["job"], service.AfterEnd);
        Assert.Equal(["other"], service.AfterHealthy);
        Assert.Equal(Path.Combine(_folder.FullName, "config", "rules.yml"), service.Files["/etc/rules.yml"]);
        Assert.Equal("{}", File.ReadAllText(service.Files["/etc/key.json"]));
    }

    [Fact]
    public void Networks_keep_their_options_and_those_on_which_nothing_stands_are_left_out()
    {
        var networks = Read(new() { ["PASSWORD"] = "pass", ["KEY"] = "{}" }).Networks;

        Assert.Equal(["edge", "private"], networks.Keys.Order());
        Assert.Equal(["--internal", "--opt", "com.docker.network.bridge.gateway_mode_ipv4=isolated"], networks["private"]);
        Assert.Empty(networks["edge"]);
    }

    [Fact]
    public void A_variable_without_a_value_is_named()
    {
        var exception = Assert.Throws<BenchException>(() => Read(new() { ["KEY"] = "{}" }));

        Assert.Contains("PASSWORD", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private (IReadOnlyList<FloorService> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Networks) Read(Dictionary<string, string> variables) =>
        ComposeFile.Read(_folder.FullName, variables, open: 5000, _folder.FullName);
}
