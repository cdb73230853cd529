using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>The command <c>verify-log</c>: checks the chain of the access log, whether the API runs or not, and changes nothing.</summary>
internal static class VerifyLogCommand
{
    public const string Name = "verify-log";

    private const int Whole = 0;
    private const int Broken = 1;
    private const int Unknown = 2;
    private const int Attempts = 3;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var storage = new Option<string?>("--storage") { Description = "The SQLite file whose log to check; else what Storage:Path or Storage:ConnectionString says." };
        var known = new Option<string?>("--known-head")
        {
            Description = "A head that this command printed before, as record:hash. It proves that the log was not rewritten since.",
        };
        var verify = new Command(Name, "Checks that the access log is as it was written. Exit code: 0 it is, 1 it is not, 2 it cannot be told.")
        {
            storage, known,
        };
        verify.SetAction((parsed, cancellationToken) =>
            VerifyAsync(parsed.GetValue(storage), parsed.GetValue(known), output, errors, cancellationToken));
        var parsed = new RootCommand("The API of NovaId.") { verify }.Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return parsed.Errors.Count > 0 ? Unknown : code;
    }

    private static async Task<int> VerifyAsync(
        string? storage,
        string? known,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken)
    {
        try
        {
            var builder = WebApplication.CreateSlimBuilder();
            using var configuration = builder.Configuration;
            builder.AddApiConfiguration();
            await using var services = builder.Services.BuildServiceProvider();
            var options = services.GetRequiredService<IOptions<AccessLogOptions>>().Value;
            await using var database = Database(storage, services);
            var verification = await VerifyAsync(
                AccessLogServiceCollectionExtensions.Place(options, database),
                known is null ? null : ParseHead(known),
                cancellationToken);
            await output.WriteLineAsync(Describe(verification));
            return verification.Valid ? Whole : Broken;
        }
        catch (OptionsValidationException e)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, e.Failures));
        }
        catch (DbException e)
        {
            await errors.WriteLineAsync(PostgresSchema.Explain(e));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or FormatException)
        {
            await errors.WriteLineAsync(e.Message);
        }

        return Unknown;
    }

    /// <summary>Nothing is made: what is not there cannot be checked.</summary>
    private static Database Database(string? storage, IServiceProvider services)
    {
        var path = storage;
        if (path is null)
        {
            var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
            if (options.ConnectionString is { Length: > 0 } connectionString)
            {
                return new PostgresDatabase(connectionString);
            }

            path = options.Path!;
        }

        return Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))
            ? SqliteDatabase.OpenForReading(path)
            : throw new InvalidOperationException($"The folder of '{path}' does not exist. Name the SQLite file of the API with --storage.");
    }

    private static async Task<LogVerification> VerifyAsync(LogPlace place, Witness? known, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var numbers = await place.SegmentsAsync(cancellationToken);
            if (numbers.Count == 0 && (place.IsShared || !File.Exists(place.HeadFile)) && !(place.IsShared && await place.HasBegunAsync(cancellationToken)))
            {
                throw new InvalidOperationException(place.NoLog);
            }

            var key = place.FindKey() ?? throw new InvalidOperationException($"Without its key the log cannot be checked: {place.MissingKey}");
            using var chain = new RecordChain(key);
            var (witnesses, problem) = LogVerifier.ReadHeadFile(place.HeadFile, chain);
            if (numbers.Count == 0)
            {
                problem ??= "the database knows that there was a log";
            }

            var segments = (await place.SegmentsAsync(cancellationToken)).Select(number => LogSegment.OpenForReading(place, number)).ToList();
            try
            {
                var verification = await new LogVerifier(chain)
                    .VerifyAsync(segments, known is null ? witnesses : [.. witnesses, known], problem, cancellationToken);

                // While the API runs, retention may have taken a segment away meanwhile.
                if (verification.Valid || attempt == Attempts
                    || (await place.SegmentsAsync(cancellationToken)).SequenceEqual(segments.Select(segment => segment.Number)))
                {
                    return verification;
                }
            }
            finally
            {
                foreach (var segment in segments)
                {
                    await segment.DisposeAsync();
                }
            }
        }
    }

    private static Witness ParseHead(string text) =>
        text.Split(':') is [var id, { Length: 2 * RecordChain.HashLength } hash]
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var record)
        && hash.All(char.IsAsciiHexDigit)
            ? new Witness(record, Convert.FromHexString(hash), "the known head")
            : throw new FormatException("--known-head must be what this command printed: record:hash.");

    private static string Describe(LogVerification verification)
    {
        var text = verification switch
        {
            { FirstBroken: { } broken } => string.Create(
                CultureInfo.InvariantCulture,
                $"The access log is broken at record {broken.Id}: {broken.Problem}."),
            { CompleteFrom: { } first } => string.Create(
                CultureInfo.InvariantCulture,
                $"The access log is whole: {verification.Records} records from {first} on, in {verification.Segments} segments."),
            _ => "The access log is whole: it has no record yet.",
        };
        return verification.Head is { } head ? string.Create(CultureInfo.InvariantCulture, $"{text}\nHead: {head.Id}:{head.Hash}") : text;
    }
}
