using NovaId.Emulator.Gateway.Authentication;

namespace NovaId.Emulator.Gateway.Mutation;

/// <summary>Changes a request before it goes on, by what was found out about it.</summary>
internal interface IMutator
{
    /// <summary>Sets headers of the session.</summary>
    void Mutate(AuthenticationSession session);
}
