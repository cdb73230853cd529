using NovaId.Accounts.Hydra;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Device;

/// <summary>A device without a browser shows a code, and somebody enters it here (RFC 8628).</summary>
internal static class DeviceEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/device";

    private const string Begin = "/oauth2/device/verify";
    private const int MaximumCode = 40;

    public static void MapDevice(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, AcceptAsync);
        pages.MapGet($"{Path}/done", () => Page.Show<DeviceDonePage, DeviceDoneModel>(new DeviceDoneModel()));
    }

    private static IResult Show(HttpContext http)
    {
        var challenge = http.Request.Query["device_challenge"].ToString();
        var code = http.Request.Query["user_code"].ToString();
        return challenge.Length == 0
            // Hydra gives the challenge.
            ? Page.Go(Begin)
            : Page.Show<DevicePage, DeviceModel>(new DeviceModel(challenge, code.Length > MaximumCode ? "" : code, Problem: null));
    }

    private static async Task<IResult> AcceptAsync(HttpContext http, HydraClient hydra)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var challenge = form["device_challenge"].ToString();
        var code = form["user_code"].ToString().Trim();
        string? problem;
        var status = StatusCodes.Status422UnprocessableEntity;
        try
        {
            if (challenge.Length > 0 && code.Length is > 0 and <= MaximumCode && await hydra.AcceptDeviceAsync(http, challenge, code) is { } address)
            {
                return Page.Go(address);
            }

            problem = Texts.Device_WrongCode;
        }
        catch (ServiceUnavailableException)
        {
            (problem, status) = (NovaId.Pages.Texts.Unavailable_Hydra, StatusCodes.Status503ServiceUnavailable);
        }

        return Page.Show<DevicePage, DeviceModel>(new DeviceModel(challenge, code, problem), status);
    }
}
