using NovaId.Api;
using NovaId.Api.AccessLog;
using NovaId.ServiceDefaults;

return args is [VerifyLogCommand.Name, ..]
    ? await VerifyLogCommand.RunAsync(args, Console.Out, Console.Error)
    : await StartFailure.TellAsync(() => ApiApplication.Create(args).RunAsync(), Console.Error);
