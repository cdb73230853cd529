using NovaId.Contract;
using NovaId.Native;
using NovaId.Pages.Tests.Browsers;

[assembly: AssemblyFixture(typeof(RealBrowserZone))]

namespace NovaId.Pages.Tests.Browsers;

/// <summary>Real Ory, wherever it is to be had: the zone that NOVAID_GATEWAY names, else the programs in the folder that NOVAID_ORY_BIN
/// names. Without either, every test is skipped and says so.</summary>
public sealed class RealBrowserZone : BrowserZone
{
    private const string GatewayVariable = "NOVAID_GATEWAY";
    private const string OperatorVariable = "NOVAID_OPERATOR_ID";
    private const string KeyFileVariable = "NOVAID_OPERATOR_KEY_FILE";
    private const string SecretVariable = "NOVAID_OPERATOR_SECRET";

    private readonly string? _gateway = Environment.GetEnvironmentVariable(GatewayVariable);
    private readonly string? _programs = Environment.GetEnvironmentVariable(NativeServices.Variable);
    private NativePages? _native;

    public override bool CanAgeLogins => !IsNamed;

    protected override string? Missing => IsNamed || !string.IsNullOrEmpty(_programs)
        ? null
        : $"{NativeServices.Variable} names no folder with kratos, keto, hydra and oathkeeper, and {GatewayVariable} no zone that already runs.";

    private bool IsNamed => !string.IsNullOrEmpty(_gateway);

    protected override async Task<(Uri Address, ServiceClient Operator)> StartAsync()
    {
        if (IsNamed)
        {
            var id = Environment.GetEnvironmentVariable(OperatorVariable) ?? "novaid-operator";
            if (Environment.GetEnvironmentVariable(KeyFileVariable) is { Length: > 0 } file)
            {
                return (new Uri(_gateway!), ServiceClient.WithKey(id, await File.ReadAllTextAsync(file)));
            }

            var secret = Environment.GetEnvironmentVariable(SecretVariable);
            Assert.False(
                string.IsNullOrEmpty(secret),
                $"{KeyFileVariable} must name the file with the private key of the client that {OperatorVariable} names, or {SecretVariable} be its secret.");
            return (new Uri(_gateway!), new ServiceClient(id, secret!));
        }

        _native = await NativePages.StartAsync(_programs!);
        return (_native.Address, _native.Operator);
    }

    protected override Task AgeSessionAsync(Guid session, TimeSpan age) => _native!.AgeSessionAsync(session, age);

    protected override async ValueTask StopAsync()
    {
        if (_native is not null)
        {
            await _native.DisposeAsync();
        }
    }
}
