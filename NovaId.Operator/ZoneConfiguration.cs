using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Operator;

/// <summary>What <c>ory-config</c> says of ranks, capabilities and service clients.</summary>
public sealed class ZoneConfiguration
{
    private const string RankNamespace = "Rank";
    private const string CapabilityNamespace = "Capability";
    private const string TupleFile = "keto/relation-tuples.json";
    private const string ClientFile = "hydra/clients.json";

    private readonly string? _folder;

    private ZoneConfiguration(string? folder)
    {
        _folder = folder;
        Tuples = Parse(TupleFile, tuples => tuples.Select(tuple => RelationTuple.Parse(tuple!)).ToArray());
        Capabilities = [.. Tuples.Where(tuple => tuple.Namespace == CapabilityNamespace).Select(tuple => tuple.Object).Distinct().Order(StringComparer.Ordinal)];
        var ranks = Tuples.Where(tuple => tuple.Namespace == RankNamespace).ToList();
        Ranks = [.. ranks.Select(tuple => tuple.SubjectObject).Concat(ranks.Select(tuple => tuple.Object)).OfType<string>().Distinct()
            .OrderBy(rank => ranks.Count(tuple => tuple.Object == rank))];
        if (Ranks.Count == 0)
        {
            throw Wrong(TupleFile, "holds no tuple of the namespace Rank");
        }
    }

    /// <summary>What this version of NovaId comes with.</summary>
    public static ZoneConfiguration Default { get; } = new(null);

    /// <summary>The tuples that make up ranks and capabilities.</summary>
    public IReadOnlyList<RelationTuple> Tuples { get; }

    /// <summary>The ranks, highest first: it has nothing above it.</summary>
    public IReadOnlyList<string> Ranks { get; }

    /// <summary>The capabilities.</summary>
    public IReadOnlyList<string> Capabilities { get; }

    /// <summary>Reads <c>keto/relation-tuples.json</c> of a folder, and <c>hydra/clients.json</c> when it is needed.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="OperatorException">A file is not there or holds something else; the message names it and the remedy.</exception>
    public static ZoneConfiguration Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new(folder);
    }

    /// <summary>The clients of <c>hydra/clients.json</c> by their ids, without secrets.</summary>
    /// <returns>The clients.</returns>
    /// <exception cref="OperatorException">The file is not there or holds something else; the message names it and the remedy.</exception>
    internal IReadOnlyDictionary<string, JsonObject> ReadClients() =>
        Parse(ClientFile, clients => clients.ToDictionary(client => client!["client_id"]!.GetValue<string>(), client => client!.AsObject()));

    private T Parse<T>(string file, Func<JsonArray, T> parse)
    {
        try
        {
            using var stream = _folder is null ? typeof(ZoneConfiguration).Assembly.GetManifestResourceStream(file)! : File.OpenRead(Path.Combine(_folder, file));
            return parse(JsonNode.Parse(stream)!.AsArray());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{Path.Combine(_folder ?? "", file)} cannot be read. Name the ory-config folder.", exception) { Failure = OperatorFailure.BadInput };
        }
        catch (JsonException exception)
        {
            throw Wrong(file, FormattableString.Invariant($"is no JSON in line {exception.LineNumber + 1}"), exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw Wrong(file, "is no list of what belongs there", exception);
        }
    }

    private OperatorException Wrong(string file, string what, Exception? cause = null) =>
        new($"{Path.Combine(_folder ?? "", file)} {what}. Restore it from ory-config.", cause!) { Failure = OperatorFailure.BadInput };
}
