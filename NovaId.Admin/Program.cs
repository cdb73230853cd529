using NovaId.Admin;
using NovaId.ServiceDefaults;

return await StartFailure.TellAsync(() => AdminApplication.Create(args).RunAsync(), Console.Error);
