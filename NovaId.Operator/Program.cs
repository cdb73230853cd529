using NovaId.Operator.Commands;

return await OperatorProgram.RunAsync(args, Environment.GetEnvironmentVariable, Console.In, Console.Out, Console.Error);
