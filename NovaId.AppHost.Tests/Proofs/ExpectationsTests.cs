namespace NovaId.AppHost.Tests.Proofs;

public sealed class ExpectationsTests(ModelFixture zone) : IClassFixture<ModelFixture>
{
    private static readonly string[] PrivateServices = ["kratos", "keto", "hydra", "postgres", "mail"];

    [Fact]
    public void Anything_on_the_edge_neither_resolves_nor_reaches_a_private_service()
    {
        var probes = zone.Probes().Where(probe => probe.From.Kind == PlaceKind.Visitor && PrivateServices.Contains(probe.Target)).ToArray();

        Assert.Equal(PrivateServices.Order(), probes.Select(probe => probe.Target).Distinct().Order());
        Assert.All(probes, probe => Assert.Equal(IsAddress(probe) ? Expectation.Nothing : Expectation.NoSuchName, probe.Expected));
    }

    [Fact]
    public void The_machine_resolves_no_name_and_reaches_no_private_address_but_the_gateway()
    {
        var probes = zone.Probes().Where(probe => probe.From.Kind == PlaceKind.Machine).ToArray();

        Assert.All(probes.Where(probe => !IsAddress(probe)), probe => Assert.Equal(Expectation.NoSuchName, probe.Expected));
        Assert.All(probes.Where(probe => PrivateServices.Contains(probe.Target)), probe => Assert.NotEqual(Expectation.Answers, probe.Expected));
        Assert.Contains(probes, probe => probe is { Target: "oathkeeper", Question: { Address: "127.0.0.1", Port: 4455 }, Expected: Expectation.Answers });
    }

    [Theory]
    [InlineData("anything on 'edge'", nameof(Expectation.Answers))]
    [InlineData("kratos", nameof(Expectation.Answers))]
    [InlineData("any other container", nameof(Expectation.NoSuchName))]
    public void The_gateway_is_there_for_both_networks_and_for_no_other(string from, string expected)
    {
        var probe = Single(from, "oathkeeper", OathkeeperResource.ProxyPort);

        Assert.Equal(expected, probe.Expected.ToString());
    }

    [Theory]
    [InlineData(OathkeeperResource.ApiPort)]
    [InlineData(OathkeeperResource.MetricsPort)]
    public void A_port_of_the_loopback_address_answers_inside_and_is_refused_to_everyone_else(int port)
    {
        Assert.Equal(Expectation.Refuses, Single("kratos", "oathkeeper", port).Expected);
        Assert.Equal(Expectation.Refuses, Single("anything on 'edge'", "oathkeeper", port).Expected);
        var inside = Assert.Single(zone.Probes(), probe => probe.From.Name == "oathkeeper" && probe.Target == "oathkeeper" && probe.Question.Port == port);
        Assert.Equal(("127.0.0.1", Expectation.Answers), (inside.Question.Address, inside.Expected));
    }

    [Fact]
    public void The_private_services_reach_one_another_on_every_port_that_is_not_of_the_loopback_address()
    {
        foreach (var (from, to) in from one in PrivateServices from other in PrivateServices where one != other select (one, other))
        {
            var probes = zone.Probes().Where(probe => probe.From.Name == from && probe.Target == to).ToArray();

            Assert.Equal(zone.Member(to).Listeners.Select(listener => listener.Port).Order(), probes.Select(probe => probe.Question.Port).Distinct().Order());
            Assert.All(probes, probe => Assert.Equal(IsLoopbackOnly(to, probe.Question.Port) ? Expectation.Refuses : Expectation.Answers, probe.Expected));
        }
    }

    [Fact]
    public void A_network_on_which_the_model_does_not_put_a_container_changes_nothing_of_what_is_expected()
    {
        var kratos = zone.Member("kratos");
        var byHand = zone.AddressOf(kratos, zone.Edge);

        var probes = zone.Probes(byHand);

        Assert.Equal(Expectation.NoSuchName, probes.First(probe => probe.From.Kind == PlaceKind.Visitor && probe.Question.Address == "kratos").Expected);
        var there = probes.Where(probe => probe.Question.Address == byHand.Address.ToString()).ToArray();
        Assert.NotEmpty(there);
        Assert.All(there, probe => Assert.Equal(Expectation.Nothing, probe.Expected));
        Assert.Contains(zone.Probes(byHand), probe => probe is { From.Name: "kratos", Target: "api", Expected: Expectation.Nothing });
    }

    [Fact]
    public void Nobody_in_the_zone_reaches_the_internet_and_only_the_edge_may_resolve_its_names()
    {
        var probes = zone.Probes().Where(probe => probe.Target == "the internet").ToArray();

        Assert.Equal(
            zone.Members.Where(member => member is { ContainerName: not null, Listeners.Count: > 0 }).Select(member => member.Name).Append("anything on 'edge'").Order(),
            probes.Select(probe => probe.From.Name).Distinct().Order());
        Assert.All(probes, probe => Assert.Equal(IsAddress(probe) ? Expectation.Nothing : Expectation.NoSuchName, probe.Expected));
        Assert.DoesNotContain(probes, probe => probe.From.Name is "oathkeeper" or "anything on 'edge'" && !IsAddress(probe));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("accounts")]
    [InlineData("admin")]
    public void The_project_behind_the_gateway_is_known_by_name_to_the_gateway_alone(string project)
    {
        var named = zone.Probes().Where(probe => probe.Target == project && !IsAddress(probe)).ToArray();

        Assert.Equal(["oathkeeper"], named.Where(probe => probe.Expected == Expectation.Answers).Select(probe => probe.From.Name));
        Assert.All(named.Where(probe => probe.From.Name != "oathkeeper"), probe => Assert.Equal(Expectation.NoSuchName, probe.Expected));
    }

    [Fact]
    public async Task Sealed_no_program_of_the_edge_sees_anything_but_the_gateway_and_nothing_else_in_the_zone_sees_it()
    {
        await using var sealedZone = new ModelFixture("--Zone:Kind=sealed");
        await sealedZone.InitializeAsync();
        string[] programs = ["accounts", "admin", "api", "demo"];

        foreach (var program in programs)
        {
            var from = sealedZone.Probes().Where(probe => probe.From.Name == program && probe.Target != program && probe.Expected == Expectation.Answers);
            var to = sealedZone.Probes().Where(probe => probe.From.Name != program && probe.Target == program && probe.Expected == Expectation.Answers);

            Assert.Equal(["oathkeeper"], from.Select(probe => probe.Target).Distinct());
            // Whoever stands on its network reaches it, and this machine is the engine's own.
            var network = program == "api" ? "edge" : $"edge-{program}";
            Assert.Equal([$"anything on '{network}'", "oathkeeper", "this machine"], to.Select(probe => probe.From.Name).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_published_port_answers_on_the_loopback_address_and_on_no_other_address_of_the_machine()
    {
        var edge = zone.Networks.OfType<EdgeNetworkResource>().Single();

        var probes = zone.Probes().Where(probe => probe.Question.Address == edge.BridgeAddress && probe.Target == "oathkeeper").ToArray();

        Assert.Equal(zone.Probes().Select(probe => probe.From).Distinct().Count(), probes.Length);
        Assert.All(probes, probe => Assert.Equal(Expectation.Nothing, probe.Expected));
    }

    [Fact]
    public void The_api_is_looked_from_first()
    {
        Assert.Equal(PlaceKind.Machine, zone.Probes()[0].From.Kind);
        Assert.StartsWith("api", zone.Probes()[0].From.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Expectation.Answers), nameof(Outcome.Answers), true)]
    [InlineData(nameof(Expectation.Answers), nameof(Outcome.Refused), false)]
    [InlineData(nameof(Expectation.Answers), nameof(Outcome.OtherAnswer), false)]
    [InlineData(nameof(Expectation.Refuses), nameof(Outcome.Refused), true)]
    [InlineData(nameof(Expectation.Refuses), nameof(Outcome.Answers), false)]
    [InlineData(nameof(Expectation.Refuses), nameof(Outcome.NoSuchName), false)]
    [InlineData(nameof(Expectation.NoSuchName), nameof(Outcome.NoSuchName), true)]
    [InlineData(nameof(Expectation.NoSuchName), nameof(Outcome.TimedOut), false)]
    [InlineData(nameof(Expectation.NoSuchName), nameof(Outcome.Refused), false)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.Unreachable), true)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.TimedOut), true)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.Refused), true)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.Answers), false)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.OtherAnswer), false)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.NothingSaid), false)]
    [InlineData(nameof(Expectation.Nothing), nameof(Outcome.Unknown), false)]
    public void Only_what_is_expected_counts(string expected, string seen, bool counts)
    {
        var probe = zone.Probes()[0] with { Expected = Enum.Parse<Expectation>(expected) };

        Assert.Equal(counts, probe.IsAsExpected(new(Enum.Parse<Outcome>(seen), "HTTP/1.1 404"), new(Outcome.Refused)));
    }

    [Fact]
    public void Another_answer_counts_as_nothing_only_where_an_address_that_nobody_has_gives_the_same()
    {
        var probe = zone.Probes()[0] with { Expected = Expectation.Nothing };
        var proxy = new Reply(Outcome.OtherAnswer, "HTTP/1.1 404 Not Found");

        Assert.True(probe.IsAsExpected(proxy, proxy));
        Assert.False(probe.IsAsExpected(proxy with { Text = "HTTP/1.1 503 Service Unavailable" }, proxy));
        Assert.False(probe.IsAsExpected(new(Outcome.Answers), new(Outcome.Answers)));
    }

    [Fact]
    public void The_address_that_nobody_has_is_the_highest_free_one_of_the_network()
    {
        var (first, second) = (zone.Addresses[0], zone.Addresses[0] with { Address = System.Net.IPAddress.Parse("172.29.255.254") });

        Assert.Equal("172.29.255.254", AddressSpace.Unused(first, zone.Addresses));
        Assert.Equal("172.29.255.253", AddressSpace.Unused(first, [.. zone.Addresses, second]));
        Assert.Equal("172.31.0.6", AddressSpace.Unused(first with { PrefixLength = 29, Address = System.Net.IPAddress.Parse("172.31.0.1") }, []));
    }

    private Probe Single(string from, string address, int port) =>
        Assert.Single(zone.Probes(), probe => probe.From.Name == from && probe.Question.Address == address && probe.Question.Port == port);

    private bool IsLoopbackOnly(string name, int port) => zone.Member(name).Listeners.Single(listener => listener.Port == port).IsLoopbackOnly;

    private static bool IsAddress(Probe probe) => System.Net.IPAddress.TryParse(probe.Question.Address, out _);
}
