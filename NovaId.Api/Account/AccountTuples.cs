using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Account;

/// <summary>What Keto keeps about a subject.</summary>
internal static class AccountTuples
{
    /// <summary>Every tuple that names the subject, namespace by namespace.</summary>
    public static IEnumerable<TupleQuery> Of(string subject) =>
        Permissions.Permits.Keys.Select(@namespace => new TupleQuery(@namespace, SubjectId: subject));
}
