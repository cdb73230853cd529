using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.OAuth2;

/// <summary>A device without a browser is let in (RFC 8628).</summary>
public abstract class DeviceTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_code_of_a_device_lets_it_in(bool javaScript)
    {
        await using var visitor = await zone.MemberAsync(javaScript);
        var application = await zone.Operator.CreateApplicationAsync("Telex", "http://127.0.0.1:9/callback");
        var device = await zone.Operator.DeviceAsync(application, "openid novaid.read");

        await visitor.OpenAsync(new Uri(device.GetProperty("verification_uri").GetString()!).PathAndQuery);
        await visitor.Page.FillAsync("input[name=user_code]", "WRONGONE");
        await visitor.Page.ClickAsync("button:has-text('Continue')");
        await visitor.SeesAsync("There is no device waiting with this code.");
        await visitor.Page.FillAsync("input[name=user_code]", device.GetProperty("user_code").GetString()!);
        await visitor.Page.ClickAsync("button:has-text('Continue')");
        await visitor.ConfirmAsync();
        await visitor.ReachesAsync("Let Telex in?");
        await visitor.Page.ClickAsync("button[value=allow]");
        await visitor.SeesAsync("Your device is connected");

        var tokens = await zone.Operator.TokenAsync(
            application, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device.GetProperty("device_code").GetString()!));
        Assert.NotEmpty(tokens.GetProperty("access_token").GetString()!);
    }
}
