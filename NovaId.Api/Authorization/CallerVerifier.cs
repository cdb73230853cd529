using Microsoft.AspNetCore.Http.Features;
using NovaId.Api.Authentication;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Ranks;
using NovaId.Api.Timing;

namespace NovaId.Api.Authorization;

/// <summary>
/// Verifies a caller live: the access token in Hydra, the session or the identity in Kratos, rank and permission in Keto, all asked at the
/// same time and each once. What cannot be known is refused.
/// </summary>
internal sealed class CallerVerifier(KratosClient kratos, KetoClient keto, HydraClient hydra, AssuranceVerifier assurance, TimeProvider time)
{
    public const string ReadScope = "novaid.read";
    public const string WriteScope = "novaid.write";

    private static readonly Task<Session?> NoSession = Task.FromResult<Session?>(null);
    private static readonly Task<Identity?> NoIdentity = Task.FromResult<Identity?>(null);
    private static readonly Task<Introspection?> NoIntrospection = Task.FromResult<Introspection?>(null);
    private static readonly Task<IReadOnlyList<bool>> NoAnswers = Task.FromResult<IReadOnlyList<bool>>([]);

    public async Task VerifyAsync(
        HttpContext http,
        IdToken token,
        CallerSubject subject,
        IReadOnlyList<Requirement> requirements,
        IReadOnlyList<RelationTuple> alsoAsked)
    {
        var cancellationToken = http.RequestAborted;
        RelationTuple[] required = [.. requirements.SelectMany(requirement => requirement.Questions(http, subject))];
        RelationTuple[] questions = [.. required.Concat(alsoAsked).Distinct()];

        var timing = http.Features.Get<ServerTiming>();
        var introspection = token.AccessToken is { } accessToken
            ? timing.Watch(StepQuestion.Token, timing.Begin(), IntrospectAsync(accessToken, cancellationToken), static known => StepAnswer.Of(known?.Active == true))
            : NoIntrospection;
        var session = subject is { SessionId: { } id, PersonId: { } owner }
            ? timing.Watch(StepQuestion.Session, timing.Begin(), kratos.FindSessionAsync(id, owner, cancellationToken), static known => StepAnswer.Of(known?.Active == true))
            : NoSession;
        var identity = subject is { SessionId: null, AnsweringPerson: { } person }
            ? timing.Watch(StepQuestion.Identity, timing.Begin(), kratos.FindIdentityAsync(person, cancellationToken), static known => StepAnswer.Of(known?.IsActive == true))
            : NoIdentity;

        // A session tells nothing of the factors that its person has set up; an access token has had the identity asked for already.
        var asksForAssurance = requirements.Any(requirement => requirement is AssuranceRequirement one && one.AppliesTo(http, subject));
        var factors = asksForAssurance && subject is { SessionId: not null, PersonId: { } self }
            ? timing.Watch(
                StepQuestion.Factors,
                timing.Begin(),
                kratos.FindIdentityAsync(self, cancellationToken),
                static known => new StepAnswer(known?.HasSecondFactor == true ? "a second factor too" : "no second factor", null))
            : NoIdentity;
        var rank = timing.Watch(
            StepQuestion.Rank, timing.Begin(), FindRankAsync(subject, cancellationToken), static known => new StepAnswer(known?.ToString() ?? "none", null));
        var answers = questions.Length > 0 ? CheckAsync(timing, required, questions, cancellationToken) : NoAnswers;
        await AllAsync(introspection, session, identity, factors, rank, answers);

        var decision = http.Features.GetRequiredFeature<Decision>();
        decision.Rank = await rank;
        var scopes = VerifyToken(token, await introspection);
        var answering = subject.SessionId is null ? await identity : VerifySession(await session);
        VerifyIdentity(subject, answering);
        VerifyStaying(http, answering);
        VerifyScope(token, scopes, http.Request.Method, timing);
        var known = new PermissionAnswers(questions, await answers);
        if (requirements.FirstOrDefault(requirement => !IsMet(requirement)) is { } missing)
        {
            if (!missing.Questions(http, subject).Any())
            {
                timing?.Add(StepQuestion.Requirement(missing.Describe(http)), timing.Begin(), StepAnswer.Of(isYes: false));
            }

            throw Refusal.Forbidden(missing.Describe(http), $"has not {missing.Describe(http)}").AsException();
        }

        if (asksForAssurance)
        {
            var shown = await session is { } login ? Assurance.Of(login) : Assurance.Of((await introspection)?.Ext);
            var begun = timing.Begin();
            try
            {
                assurance.Require(http, subject, shown, subject.SessionId is null ? answering : await factors ?? throw GoneMeanwhile());
                timing?.Add(StepQuestion.Assurance, begun, StepAnswer.Of(isYes: true));
            }
            catch (RefusalException)
            {
                timing?.Add(StepQuestion.Assurance, begun, StepAnswer.Of(isYes: false));
                throw;
            }
        }

        http.Features.Set(known);
        http.Features.Set(new Caller
        {
            Subject = subject,
            Token = token,
            Identity = subject.Kind == CallerKind.Person ? answering : null,
            Rank = await rank,
            Scopes = scopes,
        });
        decision.Allow();

        bool IsMet(Requirement requirement) =>
            requirement.Admits(http, subject) && known.AllowsAll(requirement.Questions(http, subject));
    }

    private static async Task AllAsync(params Task[] questions)
    {
        // Those that need not be asked are answered beforehand.
        var calls = questions.Count(question => !question.IsCompleted || question.IsFaulted);
        var all = Task.WhenAll(questions);
        try
        {
            await all;
        }
        catch (GatewayUnavailableException)
        {
            throw GatewayUnavailableException.Of([.. all.Exception!.InnerExceptions.OfType<GatewayUnavailableException>()], calls);
        }
    }

    private async Task<Introspection?> IntrospectAsync(string accessToken, CancellationToken cancellationToken) =>
        await hydra.IntrospectAsync(accessToken, cancellationToken);

    private Task<IReadOnlyList<bool>> CheckAsync(
        ServerTiming? timing, RelationTuple[] required, RelationTuple[] questions, CancellationToken cancellationToken)
    {
        var begun = timing.Begin();
        var answers = keto.CheckAsync(questions, cancellationToken);
        return timing is null ? answers : WatchAsync(timing, begun, required, answers);
    }

    /// <summary>Names what must be allowed. What is asked along with it is about things that the caller may not know of.</summary>
    private static Task<IReadOnlyList<bool>> WatchAsync(ServerTiming timing, long begun, RelationTuple[] required, Task<IReadOnlyList<bool>> answers)
    {
        var asked = required.Length == 0
            ? "Which of what may be shown may the caller see?"
            : $"Is this allowed: {string.Join(" and ", required.Select(Name).Distinct())}?";
        // What is required comes first, and nothing twice.
        var count = required.Distinct().Count();
        return timing.WatchAsync(
            StepQuestion.Permission(asked),
            begun,
            answers,
            allowed => count == 0 ? new StepAnswer("answered for each", null) : StepAnswer.Of(allowed.Take(count).All(isAllowed => isAllowed)));

        static string Name(RelationTuple question) => question.Namespace == Permissions.DocumentNamespace
            ? $"{question.Namespace}#{question.Relation}"
            : $"{question.Namespace}:{question.Object}#{question.Relation}";
    }

    private async Task<Rank?> FindRankAsync(CallerSubject subject, CancellationToken cancellationToken) =>
        RankMemberships.Highest(await keto.ListAllAsync(RankMemberships.Of(subject.Id), cancellationToken));

    private static IReadOnlyList<string> VerifyToken(IdToken token, Introspection? introspection)
    {
        if (introspection is null)
        {
            return [];
        }

        var failure = introspection switch
        {
            { Active: false } => "access token not active",
            { TokenUse: not "access_token" } => "no access token but another kind",
            _ when introspection.Sub != token.Subject || introspection.ClientId != token.ClientId => "access token of somebody else",
            _ when introspection.Aud?.Contains(IdTokenAuthenticator.Audience) != true => "access token for another audience",
            _ => null,
        };
        return failure is null ? introspection.Scopes : throw Refusal.InvalidToken(failure).AsException();
    }

    /// <summary>An id_token outlives a logout, so the session that it speaks of must still count.</summary>
    private Identity VerifySession(Session? session) => session switch
    {
        null => throw Refusal.InvalidToken("session unknown").AsException(),
        // Kratos calls no session active whose identity is not: that is another reason, and has its own words.
        { Active: false, Identity.IsActive: true } => throw Refusal.InvalidToken("session ended").AsException(),
        _ when session.ExpiresAt <= time.GetUtcNow() => throw Refusal.InvalidToken("session ended").AsException(),
        _ => session.Identity,
    };

    private static void VerifyIdentity(CallerSubject subject, Identity? identity)
    {
        if (subject.AnsweringPerson is null || identity is { IsActive: true })
        {
            return;
        }

        var who = subject.OwnerId is null ? "identity" : "owner of the API key";
        throw Refusal.InvalidToken(identity is null ? $"{who} unknown" : $"{who} inactive").AsException();
    }

    private static void VerifyStaying(HttpContext http, Identity? identity)
    {
        if (identity is { IsLeaving: true } && http.GetEndpoint()?.Metadata.GetMetadata<AllowedWhileLeaving>() is null)
        {
            throw Refusal.Leaving().AsException();
        }
    }

    private static RefusalException GoneMeanwhile() => Refusal.InvalidToken("identity unknown").AsException();

    private static void VerifyScope(IdToken token, IReadOnlyList<string> scopes, string method, ServerTiming? timing)
    {
        if (token.Method != AuthenticationMethod.OAuth2)
        {
            return;
        }

        var scope = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? ReadScope : WriteScope;
        var isGranted = scopes.Contains(scope);
        timing?.Add(StepQuestion.Scope(scope), timing.Begin(), StepAnswer.Of(isGranted));
        if (!isGranted)
        {
            throw Refusal.InsufficientScope(scope).AsException();
        }
    }
}
