using Microsoft.Extensions.Options;
using NovaId.Api;

try
{
    await ApiApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or InvalidOperationException or IOException)
{
    // What keeps the API from starting is said in words, not as a stack.
    await Console.Error.WriteLineAsync(e is OptionsValidationException options ? string.Join(Environment.NewLine, options.Failures) : e.Message);
    return 1;
}
