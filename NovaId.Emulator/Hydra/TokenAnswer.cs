using System.Text.Json.Nodes;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Words the answer of the token endpoint as Hydra does: it always names the scope, and counts whole seconds that have begun.
/// </summary>
internal sealed class TokenAnswer(TimeProvider time)
    : IOpenIddictServerHandler<ProcessSignInContext>, IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.Transaction.GetProperty<TokenGrant>(nameof(TokenGrant)) is { } grant)
        {
            context.Response.TokenType = "bearer";
            context.Response.ExpiresIn = (long)(grant.AccessToken.ExpiresAt - time.GetUtcNow()).TotalSeconds;
            context.Response.SetParameter("scope", string.Join(' ', grant.Session.Scopes));
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var body = new JsonObject();
        foreach (var (name, value) in context.Response.GetParameters())
        {
            body[name] = (JsonNode?)value;
        }

        // OpenIddict drops a parameter that is empty, and Hydra does not.
        body["scope"] ??= "";
        await context.Transaction.GetHttpContext().WriteProtocolJsonAsync(body);
        context.HandleRequest();
    }
}
