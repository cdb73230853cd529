using NovaId.Pages.Gateway;

namespace NovaId.Admin.Rights;

/// <summary>Asks the API what the person may do: all of it in one request, once for each page.</summary>
/// <param name="gateway">The way there.</param>
/// <param name="accessor">The request that is being answered.</param>
public sealed class RightsReader(GatewayClient gateway, IHttpContextAccessor accessor)
{
    private static readonly CheckQuestions Questions = new(
    [
        .. Capability.All.Select(capability => new Check("Capability", capability, "allow")),
        .. RankNames.HighestFirst.Select(rank => new Check("Rank", rank, "commands")),
    ]);

    private Task<OfficerRights>? _rights;

    /// <summary>The rights, once they were asked for and are there.</summary>
    public OfficerRights? Known => _rights is { IsCompletedSuccessfully: true } rights ? rights.Result : null;

    /// <summary>Asks.</summary>
    /// <returns>The rights.</returns>
    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ServiceUnavailableException">There was no answer.</exception>
    public Task<OfficerRights> FindAsync() => _rights ??= AskAsync();

    /// <summary>Asks beside something else that the page needs.</summary>
    /// <typeparam name="T">What.</typeparam>
    /// <param name="data">What the page needs.</param>
    /// <returns>The same.</returns>
    public async Task<T> BesideAsync<T>(Task<T> data)
    {
        // Whether the page may be seen at all is the answer about its data, so that a refusal is shown first.
        var rights = FindAsync();
        try
        {
            await Task.WhenAll(data, rights);
        }
        catch (Exception) when (data.IsFaulted)
        {
            // It is thrown below.
        }

        return await data;
    }

    private async Task<OfficerRights> AskAsync()
    {
        var answers = await gateway.SendApiAsync(
            accessor.HttpContext!, HttpMethod.Post, "checks", Questions, RightsJson.Default.CheckQuestions, RightsJson.Default.CheckAnswers);
        var allowed = answers.Results.Where(answer => answer.Allowed).ToLookup(answer => answer.Namespace, answer => answer.Object);
        return new OfficerRights(allowed["Capability"].ToHashSet(), [.. RankNames.HighestFirst.Where(allowed["Rank"].Contains)]);
    }
}
