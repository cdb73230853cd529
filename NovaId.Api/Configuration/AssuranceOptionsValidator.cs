using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start what about the assurance cannot be, and how to put it right.</summary>
internal sealed class AssuranceOptionsValidator : IValidateOptions<AssuranceOptions>
{
    private static readonly TimeSpan Minimum = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Maximum = TimeSpan.FromHours(12);

    public ValidateOptionsResult Validate(string? name, AssuranceOptions options)
    {
        var failures = new List<string>();
        if (options.MaximumAge < Minimum || options.MaximumAge > Maximum)
        {
            failures.Add("Assurance:MaximumAge must be from one minute, 00:01:00, to twelve hours, 12:00:00. Correct it, or leave it out for "
                + "15 minutes.");
        }

        if (!Enum.IsDefined(options.SecondFactor))
        {
            failures.Add("Assurance:SecondFactor must be WhereSetUp or Always. Correct it, or leave it out for WhereSetUp.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
