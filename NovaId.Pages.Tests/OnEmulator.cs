using NovaId.Pages.Tests.Attacks;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.Factors;
using NovaId.Pages.Tests.Faults;
using NovaId.Pages.Tests.Flows;
using NovaId.Pages.Tests.OAuth2;
using NovaId.Pages.Tests.Office;
using NovaId.Pages.Tests.Quality;

namespace NovaId.Pages.Tests;

/// <summary>The pages on the emulated zone.</summary>
public static class OnEmulator
{
    public sealed class Address(EmulatorBrowserZone zone) : AddressTests(zone);

    public sealed class Code(EmulatorBrowserZone zone) : CodeTests(zone);

    public sealed class Key(EmulatorBrowserZone zone) : KeyTests(zone);

    public sealed class Login(EmulatorBrowserZone zone) : LoginTests(zone);

    public sealed class OwnAccount(EmulatorBrowserZone zone) : OwnAccountTests(zone);

    public sealed class Settings(EmulatorBrowserZone zone) : SettingsTests(zone);

    public sealed class Totp(EmulatorBrowserZone zone) : TotpTests(zone);

    public sealed class LookupSecret(EmulatorBrowserZone zone) : LookupSecretTests(zone);

    public sealed class Passkey(EmulatorBrowserZone zone) : PasskeyTests(zone);

    public sealed class Consent(EmulatorBrowserZone zone) : ConsentTests(zone);

    public sealed class Device(EmulatorBrowserZone zone) : DeviceTests(zone);

    public sealed class Logout(EmulatorBrowserZone zone) : LogoutTests(zone);

    public sealed class OfficePage(EmulatorBrowserZone zone) : OfficePageTests(zone);

    public sealed class OfficeRights(EmulatorBrowserZone zone) : OfficeRightsTests(zone);

    public sealed class Office(EmulatorBrowserZone zone) : OfficeTests(zone);

    public sealed class Page(EmulatorBrowserZone zone) : PageTests(zone);

    public sealed class BrowserAttack(EmulatorBrowserZone zone) : BrowserAttackTests(zone);

    public sealed class GoneService(FaultyEmulatorBrowserZone zone) : GoneServiceTests(zone), IClassFixture<FaultyEmulatorBrowserZone>;
}
