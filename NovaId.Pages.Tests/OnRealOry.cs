using NovaId.Pages.Tests.Attacks;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.Factors;
using NovaId.Pages.Tests.Faults;
using NovaId.Pages.Tests.Flows;
using NovaId.Pages.Tests.OAuth2;
using NovaId.Pages.Tests.Office;
using NovaId.Pages.Tests.Quality;

namespace NovaId.Pages.Tests;

/// <summary>The pages on the real Ory programs, or on a zone that already runs.</summary>
public static class OnRealOry
{
    public sealed class Address(RealBrowserZone zone) : AddressTests(zone);

    public sealed class Code(RealBrowserZone zone) : CodeTests(zone);

    public sealed class Key(RealBrowserZone zone) : KeyTests(zone);

    public sealed class Login(RealBrowserZone zone) : LoginTests(zone);

    public sealed class OwnAccount(RealBrowserZone zone) : OwnAccountTests(zone);

    public sealed class Settings(RealBrowserZone zone) : SettingsTests(zone);

    public sealed class Totp(RealBrowserZone zone) : TotpTests(zone);

    public sealed class LookupSecret(RealBrowserZone zone) : LookupSecretTests(zone);

    public sealed class Passkey(RealBrowserZone zone) : PasskeyTests(zone);

    public sealed class Consent(RealBrowserZone zone) : ConsentTests(zone);

    public sealed class Device(RealBrowserZone zone) : DeviceTests(zone);

    public sealed class Logout(RealBrowserZone zone) : LogoutTests(zone);

    public sealed class OfficePage(RealBrowserZone zone) : OfficePageTests(zone);

    public sealed class OfficeRights(RealBrowserZone zone) : OfficeRightsTests(zone);

    public sealed class Office(RealBrowserZone zone) : OfficeTests(zone);

    public sealed class Page(RealBrowserZone zone) : PageTests(zone);

    public sealed class BrowserAttack(RealBrowserZone zone) : BrowserAttackTests(zone);

    public sealed class GoneService(FaultyRealBrowserZone zone) : GoneServiceTests(zone), IClassFixture<FaultyRealBrowserZone>;
}
