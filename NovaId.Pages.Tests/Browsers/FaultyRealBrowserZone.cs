using NovaId.Contract;
using NovaId.Native;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>The real Ory programs, each of which can be made to go, and to come back. Without the folder that NOVAID_ORY_BIN names, every
/// test is skipped and says so.</summary>
public sealed class FaultyRealBrowserZone : FaultyBrowserZone
{
    private readonly string? _programs = Environment.GetEnvironmentVariable(NativeServices.Variable);
    private NativePages? _native;

    protected override string? Missing =>
        string.IsNullOrEmpty(_programs) ? $"{NativeServices.Variable} names no folder with kratos, keto, hydra and oathkeeper." : null;

    protected override async Task<(Uri Address, ServiceClient Operator)> StartAsync()
    {
        _native = await NativePages.StartAsync(_programs!, Switches.StandBeforeAsync);
        return (_native.Address, _native.Operator);
    }

    protected override Task AgeSessionAsync(Guid session, TimeSpan age) => _native!.AgeSessionAsync(session, age);

    protected override async ValueTask StopAsync()
    {
        if (_native is not null)
        {
            await _native.DisposeAsync();
        }

        await Switches.DisposeAsync();
    }
}
