namespace NovaId.Api.Http;

/// <summary>Ends the request with a refusal, from wherever it is noticed.</summary>
internal sealed class RefusalException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}
