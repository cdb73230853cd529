using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Users;

/// <summary>Which people to find: <c>?email=&amp;rank=&amp;state=</c>, and all of what is named must hold.</summary>
/// <param name="Email">The address, whole; Kratos knows no part of one.</param>
/// <param name="Rank">The rank they hold.</param>
/// <param name="State">active or inactive.</param>
internal sealed record UserSearch(string? Email, Rank? Rank, string? State)
{
    private const int MaximumEmail = 320;

    public static ValueTask<UserSearch?> BindAsync(HttpContext httpContext)
    {
        var query = httpContext.Request.Query;
        var email = query["email"] switch
        {
            [] => null,
            [{ Length: > 0 and <= MaximumEmail } text] when !text.Any(char.IsControl) => text,
            _ => throw Refusal.BadRequest($"email must be one address of at most {MaximumEmail} characters.").AsException(),
        };
        Rank? rank = query["rank"] switch
        {
            [] => null,
            [var text] when RankNames.TryParse(text, out var named) => named,
            _ => throw Refusal.BadRequest($"rank must be one of {string.Join(", ", RankNames.HighestFirst)}.").AsException(),
        };
        var state = query["state"] switch
        {
            [] => null,
            [(Identity.Active or Identity.Inactive) and var text] => text,
            _ => throw Refusal.BadRequest($"state must be {Identity.Active} or {Identity.Inactive}.").AsException(),
        };
        return new(new UserSearch(email, rank, state));
    }

    public bool Admits(Identity identity) => State is null || identity.State == State;
}
