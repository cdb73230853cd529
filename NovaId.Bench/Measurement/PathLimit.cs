namespace NovaId.Bench.Measurement;

/// <summary>What a path cannot be faster than, named by the paths that measure it.</summary>
/// <param name="Gateway">From the gateway to the API and back, with nobody authenticated.</param>
/// <param name="Authenticated">The same with the gateway's own authentication of this kind of caller, which it finishes before it hands on.</param>
/// <param name="Calls">The calls of the API through the gateway that may go side by side.</param>
internal sealed record PathLimit(string Gateway, string Authenticated, IReadOnlyList<string> Calls);
