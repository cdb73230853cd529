using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start what about the limits cannot be, and how to put it right.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private const int Maximum = 1_000_000;

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.CallerPerSecond), options.CallerPerSecond);
        Check(nameof(options.CallerBurst), options.CallerBurst);
        Check(nameof(options.AddressPerSecond), options.AddressPerSecond);
        Check(nameof(options.AddressBurst), options.AddressBurst);
        Check(nameof(options.MaximumAddresses), options.MaximumAddresses);
        failures.AddRange(options.Gateways.Where(text => !LimitOptions.TryParseNetwork(text, out _)).Select(text =>
            $"Limits:Gateways names '{text}', which is neither an address nor a network. Write the addresses from which the gateway calls the "
            + "API, for example Limits__Gateways__0=172.20.0.3 or 172.20.0.0/24."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value)
        {
            if (value is < 1 or > Maximum)
            {
                failures.Add($"Limits:{key} must be a number from 1 to {Maximum}. Correct it, or leave it out.");
            }
        }
    }
}
