using NovaId.AppHost.Drills;
using NovaId.AppHost.Operator;
using NovaId.AppHost.Tests.Model;

namespace NovaId.AppHost.Tests.Drills;

public sealed class DrillTests
{
    private static readonly ContainerResource[] Services = [new("kratos"), new("keto")];

    [Fact]
    public async Task The_operator_offers_a_drill_for_each_service_in_each_way()
    {
        var builder = await ZoneModel.CreateAsync();
        var command = builder.Resources.OfType<OperatorResource>().Single().Annotations.OfType<ResourceCommandAnnotation>().Single(command => command.Name == "drill");
        var inputs = command.Arguments.ToDictionary(input => input.Name);

        Assert.Equal(["kratos", "keto", "hydra", "oathkeeper", "postgres"], inputs["service"].Options!.Select(option => option.Key));
        Assert.Equal(DrillPlan.Modes, inputs["mode"].Options!.Select(option => option.Key));
        Assert.Equal("10", inputs["seconds"].Value);
        Assert.Equal([true, true, false], command.Arguments.Select(input => input.Required));
    }

    [Theory]
    [InlineData("Running", "Enabled")]
    [InlineData("Waiting", "Disabled")]
    [InlineData("FailedToStart", "Disabled")]
    public async Task It_is_offered_when_the_zone_is_seeded(string state, string expected)
    {
        var builder = await ZoneModel.CreateAsync();
        var command = builder.Resources.OfType<OperatorResource>().Single().Annotations.OfType<ResourceCommandAnnotation>().Single(command => command.Name == "drill");
        var snapshot = new CustomResourceSnapshot { ResourceType = "Operator", Properties = [], State = state };

        Assert.Equal(expected, command.UpdateState(new() { ResourceSnapshot = snapshot, Services = ZoneModel.ExecutionOf(builder).Services }).ToString());
    }

    [Theory]
    [InlineData("kratos", "stopped", "3", DrillMode.Stopped, 3)]
    [InlineData("keto", "hanging", "120", DrillMode.Hanging, 120)]
    [InlineData("keto", "killed", "", DrillMode.Killed, 10)]
    [InlineData("keto", "killed", null, DrillMode.Killed, 10)]
    internal void What_is_chosen_is_what_is_done(string service, string mode, string? seconds, DrillMode expected, int duration)
    {
        var plan = DrillPlan.Read(Services, service, mode, seconds);

        Assert.Equal((service, expected, TimeSpan.FromSeconds(duration)), (plan.Service.Name, plan.Mode, plan.Duration));
    }

    [Theory]
    [InlineData("api", "stopped", "5", "There is no service 'api'. Choose from kratos, keto.")]
    [InlineData(null, "stopped", "5", "There is no service ''. Choose from kratos, keto.")]
    [InlineData("kratos", "slow", "5", "A service cannot be 'slow'. Choose from stopped, hanging, killed.")]
    [InlineData("kratos", "0", "5", "A service cannot be '0'. Choose from stopped, hanging, killed.")]
    [InlineData("kratos", "stopped", "2", "A drill cannot take '2' seconds. Choose a whole number from 3 to 120.")]
    [InlineData("kratos", "stopped", "121", "A drill cannot take '121' seconds. Choose a whole number from 3 to 120.")]
    [InlineData("kratos", "stopped", "-5", "A drill cannot take '-5' seconds. Choose a whole number from 3 to 120.")]
    [InlineData("kratos", "stopped", "5.5", "A drill cannot take '5.5' seconds. Choose a whole number from 3 to 120.")]
    public void What_cannot_be_chosen_is_named_with_what_can(string? service, string? mode, string? seconds, string message) =>
        Assert.Equal(message, Assert.Throws<DrillException>(() => DrillPlan.Read(Services, service, mode, seconds)).Message);

    [Theory]
    [InlineData(200, 200, true)]
    [InlineData(200, 503, true)]
    [InlineData(200, 401, true)]
    [InlineData(200, null, true)]
    [InlineData(200, 204, false)]
    [InlineData(403, 403, true)]
    [InlineData(403, 503, true)]
    [InlineData(403, null, true)]
    [InlineData(403, 200, false)]
    [InlineData(401, 302, false)]
    public void It_holds_while_nobody_gets_more_than_is_theirs(int otherwise, int? seen, bool holds)
    {
        var report = Report(TimeSpan.FromSeconds(1), Row(otherwise, otherwise, seen));

        Assert.Equal(holds, report.Holds);
        Assert.StartsWith(holds ? "It holds: while 'kratos' was stopped for 5 s, " : "It does not hold: while 'kratos' was stopped for 5 s, somebody got ", report.Summary, StringComparison.Ordinal);
        Assert.EndsWith(holds ? "| ok |\n" : "| **differs** |\n", report.ToMarkdown().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_not_hold_where_not_everything_is_as_it_was_or_somebody_was_never_asked()
    {
        Assert.False(Report(null, Row(200, 200)).Holds);
        Assert.False(Report(TimeSpan.Zero, Row(200, 200), Row(403)).Holds);
        Assert.True(Report(TimeSpan.Zero, Row(200, 200), Row(403, 503)).Holds);
    }

    [Fact]
    public void The_table_counts_what_was_seen()
    {
        var text = Report(TimeSpan.FromSeconds(2.5), Row(200, 503, 503, 200, null)).ToMarkdown();

        Assert.Contains("(4 requests, 3 refused or without an answer because of it). Everybody had what is theirs 2.5 s after it was back.", text, StringComparison.Ordinal);
        Assert.Contains("| somebody | `/api/me` | 200 | 200, or a refusal | 503 × 2, 200 × 1, no answer × 1 | 0.3 s | ok |", text, StringComparison.Ordinal);
    }

    private static DrillReport Report(TimeSpan? recovery, params DrillRow[] rows) =>
        new(new(Services[0], DrillMode.Stopped, TimeSpan.FromSeconds(5)), rows, recovery);

    private static DrillRow Row(int otherwise, params int?[] seen) =>
        new(new("somebody", "/api/me", otherwise), [.. seen.Select(status => new DrillAnswer(status, TimeSpan.FromSeconds(0.3)))]);
}
