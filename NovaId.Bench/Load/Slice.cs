namespace NovaId.Bench.Load;

/// <summary>What a short time of one kind of load showed.</summary>
/// <param name="Milliseconds">How long each request took, from sending it to the end of its answer; sorted.</param>
/// <param name="Elapsed">How long all of it took.</param>
internal sealed record Slice(float[] Milliseconds, TimeSpan Elapsed)
{
    public int Requests => Milliseconds.Length;
}
