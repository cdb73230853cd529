using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>
/// What an endpoint wants to know of Keto besides whether it may be called. It is asked in the same batch, so that nobody waits twice; the
/// handler finds the answers in <see cref="PermissionAnswers"/>.
/// </summary>
internal interface IPermissionQuestions
{
    /// <summary>The questions for this request. The caller is not verified yet: look things up, change nothing.</summary>
    ValueTask<IReadOnlyList<RelationTuple>> AskAsync(HttpContext http, CallerSubject caller);
}
