namespace NovaId.Emulator.Hydra;

/// <summary>What a handle of a flow is good for.</summary>
internal enum FlowPurpose
{
    LoginChallenge,
    LoginVerifier,
    DeviceChallenge,
    DeviceVerifier,
    ConsentChallenge,
    ConsentVerifier,
}
