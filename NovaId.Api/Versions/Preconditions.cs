using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Configuration;
using NovaId.Api.Http;

namespace NovaId.Api.Versions;

/// <summary>
/// What must hold of the resource's version for the request to be done: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110, section 13.1).
/// A handler takes it as a parameter; whoever changes the resource asks it where nobody else can come between.
/// </summary>
internal sealed class Preconditions
{
    private readonly IList<EntityTagHeaderValue>? _ifMatch;
    private readonly IList<EntityTagHeaderValue>? _ifNoneMatch;

    private Preconditions(IHeaderDictionary headers)
    {
        _ifMatch = Parse(headers.IfMatch, HeaderNames.IfMatch);
        _ifNoneMatch = Parse(headers.IfNoneMatch, HeaderNames.IfNoneMatch);
    }

    /// <summary>Any version will do: for what is done without a request for it.</summary>
    public static Preconditions None { get; } = new(new HeaderDictionary());

    /// <summary>Whether the request may be done only if the resource has one of some versions.</summary>
    public bool NamesVersions => _ifMatch is not null && !IsAny(_ifMatch);

    /// <exception cref="RefusalException">A header is no list of entity tags, or one that is required is missing.</exception>
    public static ValueTask<Preconditions?> BindAsync(HttpContext httpContext)
    {
        var conditions = Of(httpContext.Request);
        return conditions._ifMatch is null
            && !IsRead(httpContext.Request.Method)
            && httpContext.RequestServices.GetRequiredService<IOptions<VersionOptions>>().Value.RequireIfMatch
                ? throw Refusal.PreconditionRequired().AsException()
                : new(conditions);
    }

    /// <exception cref="RefusalException">A header is no list of entity tags.</exception>
    public static Preconditions Of(HttpRequest request) => new(request.Headers);

    /// <summary>Lets a change through if the resource has the version that it was made from.</summary>
    /// <param name="present">The version it has now, and keeps until the change is done.</param>
    /// <exception cref="RefusalException">It has another.</exception>
    public void Admit(EntityTagHeaderValue present)
    {
        if ((_ifMatch is not null && !Matches(_ifMatch, present, isStrong: true))
            || (_ifNoneMatch is not null && Matches(_ifNoneMatch, present, isStrong: false)))
        {
            throw Refusal.PreconditionFailed().AsException();
        }
    }

    /// <summary>Whether whoever reads has this version already.</summary>
    /// <exception cref="RefusalException">They want another.</exception>
    public bool HasRead(EntityTagHeaderValue present)
    {
        if (_ifMatch is not null && !Matches(_ifMatch, present, isStrong: true))
        {
            throw Refusal.PreconditionFailed().AsException();
        }

        return _ifNoneMatch is not null && Matches(_ifNoneMatch, present, isStrong: false);
    }

    public static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static bool Matches(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue present, bool isStrong) =>
        IsAny(tags) || tags.Any(tag => tag.Compare(present, isStrong));

    private static bool IsAny(IList<EntityTagHeaderValue> tags) => tags is [var one] && one.Equals(EntityTagHeaderValue.Any);

    private static IList<EntityTagHeaderValue>? Parse(StringValues header, string name)
    {
        if (header.Count == 0)
        {
            return null;
        }

        return EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            && tags.Count > 0
            && (tags.Count == 1 || !tags.Contains(EntityTagHeaderValue.Any))
                ? tags
                : throw Refusal.BadRequest($"{name} must be * or a list of entity tags in quotes, as the header ETag gave them out.").AsException();
    }
}
