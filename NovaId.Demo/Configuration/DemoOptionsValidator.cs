using Microsoft.Extensions.Options;

namespace NovaId.Demo.Configuration;

/// <summary>Says at the start what is missing and how to give it.</summary>
internal sealed class DemoOptionsValidator : IValidateOptions<DemoOptions>
{
    public const string TraceId = "{traceId}";

    public ValidateOptionsResult Validate(string? name, DemoOptions options)
    {
        var failures = new List<string>();
        if (!IsWeb(options.Address, out var address) || address is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            failures.Add("Demo:Address must be the http or https address by which browsers reach this app, without path, query or credentials. "
                + $"Set it, for example Demo__Address={DemoOptions.DefaultAddress}.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            failures.Add($"Demo:ClientId must name the OAuth2 client of this app. Leave it out to use {DemoOptions.DefaultClientId}.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientSecret))
        {
            failures.Add("Demo:ClientSecret must be the secret of the OAuth2 client of this app. Set it by the environment, "
                + "Demo__ClientSecret, or as a user secret; never in a file that is in git.");
        }

        if (!string.IsNullOrWhiteSpace(options.TraceAddress)
            && (!options.TraceAddress.Contains(TraceId, StringComparison.Ordinal) || !IsWeb(options.TraceAddress.Replace(TraceId, "0", StringComparison.Ordinal), out _)))
        {
            failures.Add($"Demo:TraceAddress must be the http or https address of a trace, with {TraceId} in it. "
                + $"Set it, for example Demo__TraceAddress=https://localhost:17198/traces/detail/{TraceId}, or leave it out.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsWeb(string? text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
