using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start that the delay cannot be.</summary>
internal sealed class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>
{
    private static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, ShutdownOptions options) =>
        options.Delay >= TimeSpan.Zero && options.Delay <= Maximum
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Shutdown:Delay must be from 00:00:00 to 00:05:00. Correct it, for example 00:00:10, or leave it out.");
}
