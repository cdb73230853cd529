using System.Net;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Hydra;
using NovaId.Emulator.Keto;
using NovaId.Emulator.Kratos;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;
using NovaId.Emulator.Seeding;

namespace NovaId.Emulator;

/// <summary>The command <c>dotnet run --project NovaId.Emulator -- check</c>: says what is wrong with a configuration before anything is
/// started with it, here or in containers. Real Oathkeeper leaves a broken rule out and serves the others.</summary>
internal static class ConfigurationCheck
{
    private const string FurtherRules = "*-rule.yml";

    /// <returns>0 if every service can be started with it, otherwise 1; then each service's first error stands in the errors.</returns>
    public static int Run(string? configurationFolder, TextWriter output, TextWriter errors)
    {
        string folder;
        try
        {
            folder = OryConfigFolder.Find(configurationFolder);
        }
        catch (ConfigurationException exception)
        {
            errors.WriteLine(exception.Message);
            return 1;
        }

        var secrets = Directory.CreateTempSubdirectory("novaid-check-");
        try
        {
            var environments = new ServiceEnvironments(ZoneAddress.OnPort(4455), ZoneSecrets.Generate(), SigningKey.WriteTo(secrets.FullName));
            using var loggers = LoggerFactory.Create(_ => { });
            var further = Directory.EnumerateFiles(Path.Combine(folder, "oathkeeper"), FurtherRules).Order(StringComparer.Ordinal);
            ServiceContext Context(IReadOnlyDictionary<string, string> environment) => new(folder, environment, new PrivateNetwork(), TimeProvider.System, loggers);
            Func<IEmbeddedService>[] services =
            [
                () => KratosService.Create(Context(environments.Kratos), new Mailbox(TimeProvider.System)),
                () => KetoService.Create(Context(environments.Keto)),
                () => HydraService.Create(Context(environments.Hydra)),
                () => GatewayService.Create(Context(environments.Oathkeeper), new IPEndPoint(IPAddress.Loopback, 0), further),
            ];
            string[] found = [.. services.AsParallel().AsOrdered().Select(FirstError).OfType<string>()];
            foreach (var error in found)
            {
                errors.WriteLine(error);
            }

            if (found.Length == 0)
            {
                output.WriteLine($"Every service can be started with {folder}.");
            }

            return found.Length == 0 ? 0 : 1;
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    private static string? FirstError(Func<IEmbeddedService> create)
    {
        try
        {
            create().DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (ConfigurationException exception)
        {
            return exception.Message;
        }
    }
}
