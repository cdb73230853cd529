using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using NovaId.Api.Authorization;
using NovaId.Api.Configuration;

namespace NovaId.Api.OpenApi;

/// <summary>What the whole API is, where it is reached, and how a caller shows who they are.</summary>
internal sealed class DocumentTransformer(IOptions<GatewayOptions> options) : IOpenApiDocumentTransformer
{
    public const string SessionToken = "sessionToken";
    public const string SessionCookie = "sessionCookie";
    public const string OAuth2 = "oauth2";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var gateway = options.Value.ExpectedIssuer.TrimEnd('/');
        document.Info = new OpenApiInfo
        {
            Title = "NovaId API",
            Version = "v1",
            Description = "Every request is verified anew: who calls, and what they may do. Errors are problem details (RFC 9457).",
        };
        document.Servers = [new OpenApiServer { Url = gateway, Description = "The gateway" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SessionToken] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Session-Token",
                Description = "The session token of an API login at Kratos.",
            },
            [SessionCookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "novaid_session",
                Description = "The session cookie of a browser login at Kratos.",
            },
            [OAuth2] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = $"An access token of Hydra for the audience {Authentication.IdTokenAuthenticator.Audience}.",
                Flows = new OpenApiOAuthFlows
                {
                    AuthorizationCode = Flow(new Uri($"{gateway}/oauth2/auth")),
                    ClientCredentials = Flow(authorization: null),
                },
            },
        };
        return Task.CompletedTask;

        OpenApiOAuthFlow Flow(Uri? authorization) => new()
        {
            AuthorizationUrl = authorization,
            TokenUrl = new Uri($"{gateway}/oauth2/token"),
            Scopes = new Dictionary<string, string>
            {
                [CallerVerifier.ReadScope] = "Read",
                [CallerVerifier.WriteScope] = "Change",
            },
        };
    }
}
