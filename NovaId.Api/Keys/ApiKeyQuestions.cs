using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Keys;

/// <summary>Asks whether the caller holds the capabilities that the new key is to have.</summary>
internal sealed class ApiKeyQuestions : IPermissionQuestions
{
    public async ValueTask<IReadOnlyList<RelationTuple>> AskAsync(HttpContext http, CallerSubject caller)
    {
        var request = await http.PeekBodyAsync<ApiKeyRequest>();
        request.Validate();
        return [.. request.Capabilities.SelectMany(caller.AsksForCapability)];
    }
}
