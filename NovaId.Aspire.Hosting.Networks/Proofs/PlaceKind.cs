namespace Aspire.Hosting.Networks;

/// <summary>What kind of place one looks from.</summary>
internal enum PlaceKind
{
    /// <summary>Inside a container of the application.</summary>
    Container,

    /// <summary>A container of its own on a network of the application: it stands for anything that may be there.</summary>
    Visitor,

    /// <summary>A container on the engine's ordinary bridge: it stands for any other container of this machine.</summary>
    OrdinaryBridge,

    /// <summary>This machine itself.</summary>
    Machine,
}
