namespace NovaId.AppHost.Drills;

/// <summary>How a service is made to fail.</summary>
internal enum DrillMode
{
    /// <summary>It is stopped: its name leads nowhere, and it refuses every connection.</summary>
    Stopped,

    /// <summary>It hangs: it takes connections and answers nothing.</summary>
    Hanging,

    /// <summary>Its process is killed (SIGKILL), and nobody but the engine brings it back.</summary>
    Killed,
}
