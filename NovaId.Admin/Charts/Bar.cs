namespace NovaId.Admin.Charts;

/// <summary>One bar of a chart.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Value">How long it is.</param>
/// <param name="Kind">Its colour: good, bad, worse or plain.</param>
public sealed record Bar(string Label, long Value, string Kind);
