using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Errors;

/// <summary>
/// Where Kratos and Hydra send a browser when something is wrong. What stands in the address may come from anybody, so it chooses among
/// our own texts and is never shown itself.
/// </summary>
internal static class ErrorEndpoints
{
    private const string Path = $"{AccountsApplication.BasePath}/error";

    public static void MapErrors(this IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, GatewayClient gateway)
    {
        var query = http.Request.Query;
        if (Guid.TryParse(query["id"], out var id))
        {
            var answer = await gateway.SendAsync(http, HttpMethod.Get, $".ory/kratos/public/self-service/errors?id={id}");
            return OfKratos(answer.IsSuccess ? answer.TryRead(ErrorJson.Default.FlowError)?.Error : null);
        }

        return query["error"].ToString() switch
        {
            "access_denied" => Show(Texts.Error_Denied_Title, Texts.Error_Denied_Text, StatusCodes.Status403Forbidden),
            "invalid_client" or "unauthorized_client" => Show(Texts.Error_Client_Title, Texts.Error_Client_Text, StatusCodes.Status400BadRequest),
            "invalid_request" or "invalid_scope" or "unsupported_response_type" or "invalid_grant" or "invalid_target" =>
                Show(Texts.Error_Request_Title, Texts.Error_Request_Text, StatusCodes.Status400BadRequest),
            "request_unauthorized" or "request_forbidden" or "invalid_state" or "login_required" or "consent_required" or "interaction_required" =>
                Show(Texts.Error_Over_Title, Texts.Error_Over_Text, StatusCodes.Status400BadRequest),
            "" => ErrorModel.NotFound(),
            _ => Show(NovaId.Pages.Texts.Failed_Title, Texts.Error_Server_Text, StatusCodes.Status500InternalServerError),
        };
    }

    private static IResult OfKratos(KratosErrorBody? error) => error switch
    {
        { Id: "security_csrf_violation" } => Show(Texts.OtherBrowser_Title, Texts.OtherBrowser_Text, StatusCodes.Status403Forbidden),
        { Id: "self_service_flow_return_to_forbidden" } => Show(Texts.Error_ReturnTo_Title, Texts.Error_ReturnTo_Text, StatusCodes.Status400BadRequest),
        { Id: "session_already_available" } => Page.Go(Home.HomeEndpoints.Path),
        { Code: >= 400 and < 500 } => Show(Texts.Error_Over_Title, Texts.Error_Over_Text, StatusCodes.Status400BadRequest),
        null => Show(Texts.Error_Over_Title, Texts.Error_Over_Text, StatusCodes.Status404NotFound),
        _ => Show(NovaId.Pages.Texts.Failed_Title, Texts.Error_Server_Text, StatusCodes.Status500InternalServerError),
    };

    private static IResult Show(string title, string text, int status) => new ErrorModel(title, text, ErrorModel.Home, Reference: null).Show(status);
}
