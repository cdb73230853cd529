namespace NovaId.AppHost.Tests.Libraries;

public sealed class NetworkBuilderTests
{
    [Fact]
    public void A_network_named_twice_is_named_with_the_container_and_the_remedy()
    {
        var builder = NewModel.Create();
        var inside = builder.AddPrivateNetwork("inside");
        var container = builder.AddContainer("one", "image");

        Assert.Equal("'one' is put on 'inside' twice. Name it once.", Refused(() => container.OnNetworks(inside, inside)));
        container.OnNetworks(inside);
        Assert.Equal("'one' is put on 'inside' twice. Name it once.", Refused(() => container.OnNetworks(inside)));
    }

    [Fact]
    public void A_second_private_network_is_refused_because_every_container_would_stand_on_both()
    {
        var builder = NewModel.Create();
        builder.AddPrivateNetwork("inside");

        Assert.StartsWith("'other' would be a second private network beside 'inside'", Refused(() => builder.AddPrivateNetwork("other")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_on_the_edge_alone_is_told_what_there_is_for_it()
    {
        var builder = NewModel.Create();
        builder.AddPrivateNetwork("inside");
        var edge = builder.AddEdgeNetwork("edge");

        Assert.Contains("AddEdgeContainer", Refused(() => builder.AddContainer("one", "image").OnNetworks(edge)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_on_no_network_is_named_before_anything_starts()
    {
        var builder = NewModel.Create();
        builder.AddPrivateNetwork("inside");
        builder.AddContainer("forgotten", "image");
        await using var application = builder.Build();

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("The container 'forgotten' is declared on no network. Say .OnNetworks(…) of it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_of_a_port_or_of_health_again_takes_the_place_of_what_was_said()
    {
        var builder = NewModel.Create();
        var inside = builder.AddPrivateNetwork("inside");
        var container = builder.AddContainer("one", "image").OnNetworks(inside)
            .WithListener(80, Greeting.Smtp).WithContainerHealthCheck("first")
            .WithListener(80, Greeting.Postgres).WithContainerHealthCheck("second").Resource;

        Assert.Equal(Greeting.Postgres, Assert.Single(container.Annotations.OfType<ListenerAnnotation>()).Greeting);
        Assert.Equal("second", Assert.Single(container.Annotations.OfType<HealthCommandAnnotation>()).Command);
        Assert.Single(container.Annotations.OfType<HealthCheckAnnotation>());
    }

    [Fact]
    public void Nothing_is_built_on_nothing()
    {
        IDistributedApplicationBuilder nobody = null!;
        IResourceBuilder<ContainerResource> nothing = null!;
        Action[] calls =
        [
            () => nobody.AddPrivateNetwork("inside"),
            () => nobody.AddEdgeNetwork("edge"),
            () => nobody.AddTopology("topology"),
            () => nobody.AddComposeFile("compose"),
            () => nothing.OnNetworks(),
            () => nothing.WithContainerHealthCheck("true"),
            () => nothing.WithListener(80, Greeting.Smtp),
            () => ((IResourceBuilder<TopologyResource>)null!).WithIsolationProof(),
        ];

        Assert.All(calls, call => Assert.Throws<ArgumentNullException>(call));
    }

    private static string Refused(Action action) => Assert.Throws<DistributedApplicationException>(action).Message;
}
