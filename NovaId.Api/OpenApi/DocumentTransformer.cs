using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using NovaId.Api.Authorization;
using NovaId.Api.Configuration;
using NovaId.Api.Http;

namespace NovaId.Api.OpenApi;

/// <summary>What the whole API is, where it is reached, and how a caller shows who they are.</summary>
internal sealed class DocumentTransformer(IOptions<GatewayOptions> options) : IOpenApiDocumentTransformer
{
    public const string SessionToken = "sessionToken";
    public const string SessionCookie = "sessionCookie";
    public const string OAuth2 = "oauth2";

    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Public"] = "What needs no caller.",
        ["Me"] = "The caller, about the caller.",
        ["Checks"] = "Many permissions at once.",
        ["Ranks"] = "The ranks, and who holds them.",
        ["Users"] = "The people, and what those above them may change.",
        ["Documents"] = "Documents, each with its own permissions.",
        ["API keys"] = "What a person gives a program to act for them, within bounds.",
        ["Access log"] = "Who was allowed what, and who was not.",
    };

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var gateway = options.Value.ExpectedIssuer.TrimEnd('/');
        document.Info = new OpenApiInfo
        {
            Title = "NovaId API",
            Version = "v1",
            Description = "Every request is verified anew: who calls, and what they may do. Errors are problem details (RFC 9457). "
                + "Lengths of texts are in characters (Unicode scalar values). What has an ETag is changed with If-Match (RFC 9110, section 13).",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
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
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description ??= Tags.GetValueOrDefault(tag.Name ?? "");
        }

        document.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken));
        SchemaComponents.Complete(document);

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
