using NovaId.Emulator.Gateway.Authentication;

namespace NovaId.Emulator.Gateway.Mutation;

/// <summary>Sends the headers of the request as they came, but, as Oathkeeper does, of several values the first alone.</summary>
internal sealed class NoopMutator : IMutator
{
    public void Mutate(AuthenticationSession session)
    {
        foreach (var (name, values) in session.MatchContext.Request.Headers)
        {
            session.Headers.TryAdd(name, values.Count > 0 ? values[0] ?? "" : "");
        }
    }
}
