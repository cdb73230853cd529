using NovaId.Accounts;
using NovaId.ServiceDefaults;

return await StartFailure.TellAsync(() => AccountsApplication.Create(args).RunAsync(), Console.Error);
