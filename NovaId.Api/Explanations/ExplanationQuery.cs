using NovaId.Api.Authorization;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Explanations;

/// <summary>What is to be explained: <c>?subject=&amp;namespace=&amp;object=&amp;relation=</c>.</summary>
internal sealed record ExplanationQuery(string Subject, Guid? Person, string Namespace, string Object, string Relation)
{
    private const int MaximumClient = 255;

    public static ValueTask<ExplanationQuery?> BindAsync(HttpContext httpContext)
    {
        var query = httpContext.Request.Query;
        var subject = One("subject");
        var isPerson = CanonicalUuid.TryParse(subject, out var person);
        if (!isPerson && !IsClient(subject))
        {
            throw Refusal.BadRequest("subject must be a person's id, or client: and a client's.").AsException();
        }

        var (@namespace, @object, relation) = (One("namespace"), One("object"), One("relation"));
        if (!Permissions.Exists(@namespace, relation) || !IsObject(@namespace, @object))
        {
            throw Refusal.BadRequest("The question must name a rank (atLeast, commands), a capability (allow) "
                + "or the id of a document (view, edit, delete).").AsException();
        }

        return new(new ExplanationQuery(subject, isPerson ? person : null, @namespace, @object, relation));

        string One(string name) => query[name] is [{ Length: > 0 } text]
            ? text
            : throw Refusal.BadRequest($"{name} must be given, once.").AsException();
    }

    private static bool IsClient(string subject) =>
        subject.StartsWith(CallerSubject.ClientPrefix, StringComparison.Ordinal)
        && subject.Length > CallerSubject.ClientPrefix.Length
        && subject.Length <= MaximumClient
        && !subject.Any(char.IsControl);

    private static bool IsObject(string @namespace, string @object) => @namespace switch
    {
        Permissions.RankNamespace => RankNames.TryParse(@object, out _),
        Permissions.CapabilityNamespace => Capabilities.All.Contains(@object),
        _ => CanonicalUuid.TryParse(@object, out _),
    };
}
