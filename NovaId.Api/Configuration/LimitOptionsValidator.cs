using System.Globalization;
using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start what about the limits cannot be, and how to put it right.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private const int Maximum = 1_000_000;
    private const double LowestRate = 0.01;

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.Instances), options.Instances, 1);
        Check(nameof(options.CallerPerSecond), options.CallerPerSecond, LowestRate);
        Check(nameof(options.CallerBurst), options.CallerBurst, 1);
        Check(nameof(options.AddressPerSecond), options.AddressPerSecond, LowestRate);
        Check(nameof(options.AddressBurst), options.AddressBurst, 1);
        Check(nameof(options.MaximumAddresses), options.MaximumAddresses, 1);
        failures.AddRange(options.Gateways.Where(text => !LimitOptions.TryParseNetwork(text, out _)).Select(text =>
            $"Limits:Gateways names '{text}', which is neither an address nor a network. Write the addresses from which the gateway calls the "
            + "API, for example Limits__Gateways__0=172.20.0.3 or 172.20.0.0/24."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, double value, double least)
        {
            if (!(value >= least && value <= Maximum))
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Limits:{key} must be a number from {least} to {Maximum}. Correct it, or leave it out."));
            }
        }
    }
}
