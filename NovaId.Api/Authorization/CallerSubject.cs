using NovaId.Api.Authentication;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Keys;

namespace NovaId.Api.Authorization;

/// <summary>Whom an id_token speaks for, before anyone was asked about them.</summary>
/// <param name="Kind">A person or a client.</param>
/// <param name="Id">The subject in Keto.</param>
/// <param name="PersonId">The person; null for a client.</param>
/// <param name="ClientId">The client that holds the access token; null for a session.</param>
/// <param name="OwnerId">The person who made the API key; null for anything but an API key.</param>
/// <param name="SessionId">The person's session; null for an access token.</param>
internal sealed record CallerSubject(CallerKind Kind, string Id, Guid? PersonId, string? ClientId, Guid? OwnerId, Guid? SessionId = null)
{
    /// <summary>A client's subject in Keto begins with this, so that no client is ever taken for a person.</summary>
    public const string ClientPrefix = "client:";

    /// <summary>Whose identity must be active for this caller: the person, or the owner of the key.</summary>
    public Guid? AnsweringPerson => PersonId ?? OwnerId;

    /// <summary>Whose command over others counts: an API key commands whom its owner commands.</summary>
    public string CommandingSubject => OwnerId?.ToString() ?? Id;

    public static CallerSubject Of(IdToken token)
    {
        if (token.Method == AuthenticationMethod.OAuth2 && token.Subject == token.ClientId)
        {
            // Hydra gives a token of the client credentials grant the client's own id as its subject.
            return OfClient(token.ClientId);
        }

        if (!CanonicalUuid.TryParse(token.Subject, out var person))
        {
            throw Refusal.InvalidToken("id_token for a subject that is no person").AsException();
        }

        var subject = new CallerSubject(CallerKind.Person, token.Subject, person, token.ClientId, OwnerId: null);
        if (token.Method != AuthenticationMethod.Session)
        {
            return subject;
        }

        return CanonicalUuid.TryParse(token.SessionId, out var session)
            ? subject with { SessionId = session }
            : throw Refusal.InvalidToken("id_token for a session that is none").AsException();
    }

    public static CallerSubject OfClient(string clientId) => new(
        CallerKind.Client,
        ClientPrefix + clientId,
        PersonId: null,
        clientId,
        ApiKeyId.TryParse(clientId, out var key) ? key.OwnerId : null);

    /// <summary>
    /// The questions that must all be answered yes for the capability: an API key has what was given to it, as long as its owner has it
    /// too.
    /// </summary>
    public IEnumerable<RelationTuple> AsksForCapability(string capability)
    {
        yield return Permissions.Capability(capability, Id);
        if (OwnerId is { } owner)
        {
            yield return Permissions.Capability(capability, owner.ToString());
        }
    }
}
