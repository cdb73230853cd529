using Microsoft.Extensions.Options;
using NovaId.ServiceDefaults;

namespace NovaId.Api.Configuration;

/// <summary>Says at start, key by key, what is missing and how to give it.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var failures = new List<string>();
        if (!IsAddress(options.Address))
        {
            failures.Add("Gateway:Address must be the gateway's http or https address without path, query or credentials. "
                + "Set it, for example Gateway__Address=http://localhost:4455.");
        }

        if (!string.IsNullOrWhiteSpace(options.Issuer) && !Uri.TryCreate(options.Issuer, UriKind.Absolute, out _))
        {
            failures.Add("Gateway:Issuer must be an absolute address: the one that MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL gives to "
                + "Oathkeeper. Correct it, or leave it out where it is the gateway's address.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            failures.Add("Gateway:ClientId must name the API's OAuth2 client. Leave it out to use novaid-api.");
        }

        if (ServerTrust.ProblemWith(options.AuthorityFile) is { } problem)
        {
            failures.Add($"Gateway:AuthorityFile: {problem}");
        }

        try
        {
            using var credential = options.ReadCredential();
        }
        catch (FormatException exception)
        {
            failures.Add(exception.Message);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };
}
