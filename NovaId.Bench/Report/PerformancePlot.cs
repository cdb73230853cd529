using System.Globalization;
using NovaId.Bench.Measurement;

namespace NovaId.Bench.Report;

/// <summary>
/// The plot: how long each verified path takes at each number of connections, beside its limit, and how that changes as a zone grows.
/// </summary>
internal static class PerformancePlot
{
    private const int Width = 900;
    private const double Left = 300;
    private const double Right = 860;
    private const double BarHeight = 13;
    private const double GroupGap = 14;

    private const string Styles = """
        .background { fill: #ffffff }
        .text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font: 600 15px system-ui, sans-serif; fill: #24292f }
        .axis { stroke: #57606a; stroke-width: 1 }
        .grid { stroke: #d0d7de; stroke-width: 1 }
        .limit { stroke: #cf222e; stroke-width: 3 }
        .c0 { fill: #0969da; stroke: #0969da } .c1 { fill: #1a7f37; stroke: #1a7f37 } .c2 { fill: #9a6700; stroke: #9a6700 }
        .c3 { fill: #8250df; stroke: #8250df } .c4 { fill: #bf3989; stroke: #bf3989 } .c5 { fill: #57606a; stroke: #57606a }
        polyline { fill: none !important; stroke-width: 2 }
        rect { stroke: none !important }
        @media (prefers-color-scheme: dark) {
          .background { fill: #0d1117 }
          .text, .title { fill: #e6edf3 }
          .axis { stroke: #8d96a0 } .grid { stroke: #30363d } .limit { stroke: #ff7b72 }
          .c0 { fill: #4493f8; stroke: #4493f8 } .c1 { fill: #3fb950; stroke: #3fb950 } .c2 { fill: #d29922; stroke: #d29922 }
          .c3 { fill: #ab7df8; stroke: #ab7df8 } .c4 { fill: #db61a2; stroke: #db61a2 } .c5 { fill: #9198a1; stroke: #9198a1 }
        }
        """;

    public static string Draw(ZoneFigures figures, Growth? growth)
    {
        var svg = new SvgText();
        var paths = figures.Paths.Where(path => path.Limit is not null || path.Id is PathCatalog.Gateway).ToList();
        var group = (BenchPlan.Connections.Count * BarHeight) + GroupGap;
        var latencyBottom = 80 + (paths.Count * group);
        var height = (int)(growth is null ? latencyBottom + 60 : latencyBottom + 420);
        svg.Rectangle(0, 0, Width, height, "background");
        DrawLatency(svg, figures, paths, group, latencyBottom);
        if (growth is not null)
        {
            DrawGrowth(svg, growth, latencyBottom + 100, latencyBottom + 340);
        }

        return svg.ToDocument(Width, height, $"Latency and growth of NovaId on the zone: {figures.Kind}", Styles);
    }

    private static void DrawLatency(SvgText svg, ZoneFigures figures, List<MeasuredPath> paths, double group, double bottom)
    {
        const double Top = 70;
        svg.Text(20, 28, $"Latency of each path, median, logarithmic ({figures.Kind})", style: "title");
        for (var index = 0; index < BenchPlan.Connections.Count; index++)
        {
            svg.Rectangle(20 + (index * 130), 42, 12, 12, $"c{index}");
            svg.Text(38 + (index * 130), 52, Text($"{BenchPlan.Connections[index]} connection{(index == 0 ? "" : "s")}"));
        }

        svg.Line(430, 42, 430, 54, "limit");
        svg.Text(438, 52, "limit, with the gateway's authentication");

        double[] all = [.. from path in paths from connections in BenchPlan.Connections select figures.Measurements[path.Id, connections].Percentile(50)];
        var scale = new LogarithmicScale(all.Min() * 0.8, all.Max() * 1.2, Left, Right);
        foreach (var tick in scale.Ticks)
        {
            svg.Line(scale.At(tick), Top, scale.At(tick), bottom, "grid");
            svg.Text(scale.At(tick), bottom + 16, tick.ToString(CultureInfo.InvariantCulture), "middle");
        }

        for (var row = 0; row < paths.Count; row++)
        {
            var top = Top + 6 + (row * group);
            svg.Text(Left - 10, top + (group / 2), paths[row].Title.Split(':')[0], "end");
            for (var index = 0; index < BenchPlan.Connections.Count; index++)
            {
                var connections = BenchPlan.Connections[index];
                var y = top + (index * BarHeight);
                var median = figures.Measurements[paths[row].Id, connections].Percentile(50);
                svg.Rectangle(Left, y, scale.At(median) - Left, BarHeight - 2, $"c{index}");
                if (paths[row].Limit is { } limit)
                {
                    var x = scale.At(median / figures.Measurements.RatioWithAuthentication(paths[row].Id, limit, connections).Median);
                    svg.Line(x, y - 1, x, y + BarHeight - 1, "limit");
                }
            }
        }

        svg.Line(Left, Top, Left, bottom, "axis");
        svg.Line(Left, bottom, Right, bottom, "axis");
        svg.Text((Left + Right) / 2, bottom + 34, "milliseconds", "middle");
    }

    private static void DrawGrowth(SvgText svg, Growth growth, double top, double bottom)
    {
        const int Connections = 1;
        svg.Text(20, top - 30, "Growth at 1 connection: median as a ratio to the smallest zone", style: "title");
        string[] kinds = [GrowthZone.IdentitiesGrew, GrowthZone.TuplesGrew, GrowthZone.RulesGrew];
        var paths = PathCatalog.Growing;
        var values = growth.Zones.SelectMany(pair => paths.Select(path => growth.Ratio(pair.Zone, path, Connections).Median)).ToList();
        var (least, most) = (Math.Min(0.5, values.Min()), Math.Max(2, values.Max()));
        double Y(double ratio) => bottom - ((ratio - least) / (most - least) * (bottom - top));
        const double PlotLeft = 70;
        var step = most > 4 ? 1 : 0.5;
        for (var tick = Math.Ceiling(least / step) * step; tick <= most; tick += step)
        {
            svg.Line(PlotLeft, Y(tick), Right, Y(tick), tick == 1 ? "axis" : "grid");
            svg.Text(PlotLeft - 8, Y(tick) + 4, Text($"{tick:0.0}"), "end");
        }

        var width = (Right - PlotLeft) / kinds.Length;
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            List<GrowthZone> zones = [growth.Zones[0].Zone, .. growth.Zones.Select(pair => pair.Zone).Where(zone => zone.What == kinds[kind])];
            double X(int index) => PlotLeft + (kind * width) + 50 + (index * (width - 100) / Math.Max(1, zones.Count - 1));
            for (var index = 0; index < zones.Count; index++)
            {
                var label = index > 0 ? Text($"{zones[index].Size:N0}") : kinds[kind] == GrowthZone.RulesGrew ? "as configured" : "10";
                svg.Text(X(index), bottom + 18, label, "middle");
            }

            svg.Text(PlotLeft + (kind * width) + (width / 2), bottom + 36, kinds[kind], "middle");
            for (var path = 0; path < paths.Count; path++)
            {
                var points = zones.Select((zone, index) => (X(index), Y(growth.Ratio(zone, paths[path], Connections).Median))).ToList();
                svg.Polyline(points, $"c{path}");
                foreach (var (x, y) in points)
                {
                    svg.Circle(x, y, 3, $"c{path}");
                }
            }
        }

        for (var path = 0; path < paths.Count; path++)
        {
            svg.Rectangle(20 + (path * 140), bottom + 54, 12, 12, $"c{path}");
            svg.Text(38 + (path * 140), bottom + 64, paths[path]);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
