using YamlDotNet.Serialization;

namespace NovaId.AppHost.Tests.Proofs;

public sealed class ListenersTests(ModelFixture zone) : IClassFixture<ModelFixture>
{
    [Theory]
    [InlineData("kratos")]
    [InlineData("keto")]
    [InlineData("hydra")]
    [InlineData("oathkeeper")]
    public void Every_port_that_the_configuration_opens_is_looked_at(string service)
    {
        var file = Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", "ory-config", service, $"{service}.yml");
        var configuration = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(file));
        var opened =
            from listener in ((Dictionary<object, object>)configuration["serve"]).Values.OfType<Dictionary<object, object>>()
            where listener.ContainsKey("port")
            select $"{listener["port"]} {(listener["host"] is "127.0.0.1" ? "inside" : "outside")}";

        var declared = zone.Member(service).Listeners.Select(listener => FormattableString.Invariant($"{listener.Port} {(listener.IsLoopbackOnly ? "inside" : "outside")}"));

        Assert.Equal(opened.Order(), declared.Order());
    }

    [Fact]
    public void Everything_that_stays_running_says_where_it_listens()
    {
        var silent = zone.Members.Where(member => member.Listeners.Count == 0).Select(member => member.Name).Order();

        Assert.Equal(["hydra-clients", "hydra-migrate", "keto-migrate", "kratos-migrate"], silent);
    }
}
