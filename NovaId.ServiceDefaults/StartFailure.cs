using Microsoft.Extensions.Options;

namespace NovaId.ServiceDefaults;

/// <summary>What keeps a program from starting, said in words and not as a stack.</summary>
public static class StartFailure
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="run">Starts it, and ends when it ends.</param>
    /// <param name="errors">Where is written what kept it from starting.</param>
    /// <returns>The exit code: 0, or 1 where it could not start.</returns>
    public static async Task<int> TellAsync(Func<Task> run, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            await run();
            return 0;
        }
        catch (Exception e) when (IsExpected(e))
        {
            foreach (var line in Causes(e))
            {
                await errors.WriteLineAsync(line);
            }

            return 1;
        }
    }

    /// <summary>Whether an exception is one that a setting, a file or a port brings about, and a person can mend.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is OptionsValidationException or AggregateException or InvalidOperationException or IOException;

    /// <summary>One line for each thing that is to be mended.</summary>
    public static IEnumerable<string> Causes(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        OptionsValidationException options => options.Failures,
        _ => [exception.Message],
    };
}
