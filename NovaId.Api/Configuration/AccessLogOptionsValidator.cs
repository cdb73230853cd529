using Microsoft.Extensions.Options;

namespace NovaId.Api.Configuration;

/// <summary>Says at start what about the access log cannot be, and how to put it right.</summary>
internal sealed class AccessLogOptionsValidator : IValidateOptions<AccessLogOptions>
{
    private static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, AccessLogOptions options)
    {
        var failures = new List<string>();
        if (!string.IsNullOrWhiteSpace(options.Key) && options.DecodedKey is null)
        {
            failures.Add($"AccessLog:Key must be at least {AccessLogOptions.KeyLength} random bytes in base64, for example from "
                + "'openssl rand -base64 32'. Set it by the environment, AccessLog__Key, or leave it out to have one generated beside the storage.");
        }

        if (options.SegmentBytes < AccessLogOptions.MinimumSegmentBytes)
        {
            failures.Add($"AccessLog:SegmentBytes must be at least {AccessLogOptions.MinimumSegmentBytes}. Raise it, or leave it out for 64 MiB.");
        }

        if (options.SegmentAge < MinimumAge)
        {
            failures.Add("AccessLog:SegmentAge must be at least one minute, 00:01:00. Raise it, or leave it out for 30 days.");
        }

        if (options.Retention < MinimumAge)
        {
            failures.Add("AccessLog:Retention must be at least one minute, 00:01:00. Raise it, for example to 365.00:00:00 for a year, "
                + "or leave it out to keep everything.");
        }

        if (options.MaximumSegments < 2)
        {
            failures.Add("AccessLog:MaximumSegments must be at least 2: the open segment and a closed one. Raise it, or leave it out to keep "
                + "every segment.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
