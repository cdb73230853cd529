using NovaId.Demo;
using NovaId.ServiceDefaults;

return await StartFailure.TellAsync(() => DemoApplication.Create(args).RunAsync(), Console.Error);
