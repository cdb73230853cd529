namespace NovaId.Contract.Faults;

/// <summary>A request of which it is known what must come of it while everything works.</summary>
/// <param name="Name">Who tries what.</param>
/// <param name="Credential">What the caller shows.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Status">The status while everything works.</param>
/// <param name="Content">What is sent along.</param>
/// <param name="Id">The id that the answer must show, where it is about one thing.</param>
public sealed record CrowdCall(
    string Name, Credential Credential, Caller Caller, HttpMethod Method, string Target, int Status, object? Content = null, string? Id = null)
{
    /// <summary>Whether the caller has the right to it.</summary>
    public bool IsAllowed => Status < 300;

    /// <summary>Whether an answer is what it must be while everything works.</summary>
    public bool IsAnswered(Reply? reply) => reply?.Status == Status && (Id is null || reply["id"].GetString() == Id);

    /// <summary>Whom the call is about stays out of messages.</summary>
    public override string ToString() => Name;
}
