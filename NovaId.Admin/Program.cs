using Microsoft.Extensions.Options;
using NovaId.Admin;

try
{
    await AdminApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or AggregateException or InvalidOperationException or IOException)
{
    // What keeps the pages from starting is said in words, not as a stack.
    var causes = e is AggregateException several ? several.InnerExceptions : [e];
    foreach (var line in causes.SelectMany(cause => cause is OptionsValidationException options ? options.Failures : [cause.Message]))
    {
        await Console.Error.WriteLineAsync(line);
    }

    return 1;
}
