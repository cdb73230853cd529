using NovaId.Admin.Rights;

namespace NovaId.Admin.Why;

/// <summary>The question, as it stands in the address and in the form.</summary>
/// <param name="Who">An address, a person's id, or client: and a client's.</param>
/// <param name="What">Namespace, object and relation, with colons between; for a document without its id.</param>
/// <param name="Document">The id of the document, where it is about one.</param>
public sealed record WhyQuestion(string Who, string What, string Document)
{
    private const string DocumentNamespace = "Document";

    /// <summary>What can be asked about: the group, the value of the form, and its words.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<(string Value, string Text)> Choices)> Choices =>
    [
        (Texts.Why_Capabilities, [.. Capability.All.Select(name => ($"Capability:{name}:allow", Ranks.CapabilityTexts.Of(name)))]),
        (Texts.Why_Documents, [($"{DocumentNamespace}:view", Texts.Why_View), ($"{DocumentNamespace}:edit", Texts.Why_Edit), ($"{DocumentNamespace}:delete", Texts.Why_Delete)]),
        (Texts.Why_AtLeast, [.. RankNames.HighestFirst.Select(rank => ($"Rank:{rank}:atLeast", rank))]),
        (Texts.Why_Commands, [.. RankNames.HighestFirst.Select(rank => ($"Rank:{rank}:commands", rank))]),
    ];

    public bool IsEmpty => Who.Length == 0;

    /// <summary>What the API is asked, once it is known who is meant; null if there is nothing to ask.</summary>
    public (string Namespace, string Object, string Relation)? Parts => What.Split(':') switch
    {
        [DocumentNamespace, var relation] => (DocumentNamespace, Document, relation),
        [var @namespace, var @object, var relation] => (@namespace, @object, relation),
        _ => null,
    };

    public static WhyQuestion Read(IQueryCollection query) =>
        new(query["who"].ToString().Trim(), query["what"].ToString(), query["document"].ToString().Trim());
}
