namespace NovaId.Emulator.Kratos;

/// <summary>The self-service flows that the emulator has.</summary>
internal enum FlowKind
{
    Login,
    Registration,
    Settings,
    Recovery,
    Verification,
}
