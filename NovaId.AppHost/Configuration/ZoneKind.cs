namespace NovaId.AppHost.Configuration;

/// <summary>Which zone the application starts.</summary>
public enum ZoneKind
{
    /// <summary>Real Ory in containers; the API is the C# project on this machine, for the debugger.</summary>
    Containers,

    /// <summary>Real Ory in containers, and the API too, on the edge network alone: nothing of it is on this machine.</summary>
    Sealed,

    /// <summary>The emulator, one process, where there is no container engine.</summary>
    Emulator,
}
