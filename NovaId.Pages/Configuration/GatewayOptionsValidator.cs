using Microsoft.Extensions.Options;
using NovaId.ServiceDefaults;

namespace NovaId.Pages.Configuration;

/// <summary>Says at the start what is missing and how to give it.</summary>
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

        if (!string.IsNullOrWhiteSpace(options.PublicAddress) && !IsAddress(options.PublicAddress))
        {
            failures.Add("Gateway:PublicAddress must be the http or https address by which browsers reach the gateway, without path, query "
                + "or credentials. Correct it, or leave it out where it is the same as Gateway:Address.");
        }

        if (ServerTrust.ProblemWith(options.AuthorityFile) is { } problem)
        {
            failures.Add($"Gateway:AuthorityFile: {problem}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };
}
