using Microsoft.Extensions.Options;

namespace NovaId.Accounts.Configuration;

/// <summary>Says at the start what is missing and how to give it.</summary>
internal sealed class ServiceClientOptionsValidator : IValidateOptions<ServiceClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceClientOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            failures.Add($"Gateway:ClientId must name the OAuth2 client of these pages. Leave it out to use {ServiceClientOptions.DefaultClientId}.");
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
}
