namespace NovaId.Contract;

/// <summary>Stands between the gateway and the API, hands every request on and remembers it.</summary>
public interface IUpstreamRecorder
{
    /// <summary>The header that a test puts on its request to find it again: a value of its own for each request.</summary>
    const string MarkerHeader = "X-Contract-Marker";

    /// <summary>The requests with this marker that reached the API, in order; empty if none did.</summary>
    /// <param name="marker">The value of <see cref="MarkerHeader"/>.</param>
    /// <returns>The recorded requests.</returns>
    IReadOnlyList<RecordedRequest> Find(string marker);
}
