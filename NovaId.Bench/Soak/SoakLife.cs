using System.Text.Json.Nodes;
using NovaId.Bench.Population;

namespace NovaId.Bench.Soak;

/// <summary>
/// Somebody comes, works and goes: an identity, a login, a document, a rank, an API key, a logout, and nothing left. What the zone still
/// holds afterwards, it holds by mistake.
/// </summary>
internal sealed class SoakLife(ZonePopulation population, TimeSpan pause)
{
    /// <exception cref="BenchException">A step was answered otherwise than it should be.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var person = await population.CreatePersonAsync(Ranks.Lowest, cancellationToken);
        try
        {
            await population.LoginAsync(person, cancellationToken);
            await StepAsync(HttpMethod.Get, "/api/me", 200, person);
            var document = await StepAsync(
                HttpMethod.Post,
                "/api/documents",
                201,
                person,
                new JsonObject { ["title"] = "A title", ["content"] = "Some content." });
            await StepAsync(HttpMethod.Get, $"/api/documents/{document["id"]}", 200, person);
            await StepAsync(HttpMethod.Get, "/api/logs", 403, person);
            var chief = population.People[0];
            await StepAsync(HttpMethod.Put, $"/api/users/{person.Id}/rank", 200, chief, new JsonObject { ["rank"] = "Captain" });
            await StepAsync(HttpMethod.Get, "/api/ranks/Sergeant/access", 204, person);
            await StepAsync(HttpMethod.Put, $"/api/users/{person.Id}/rank", 200, chief, new JsonObject { ["rank"] = null });
            await StepAsync(HttpMethod.Get, "/api/ranks/Sergeant/access", 403, person);
            var key = await StepAsync(
                HttpMethod.Post,
                "/api/keys",
                201,
                person,
                new JsonObject { ["name"] = "soak", ["scopes"] = new JsonArray("novaid.read"), ["capabilities"] = new JsonArray() });
            await StepAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", 204, person);
            await StepAsync(HttpMethod.Delete, $"/api/documents/{document["id"]}", 204, person);
            await population.LogoutAsync(person, cancellationToken);
            await StepAsync(HttpMethod.Get, "/api/me", 401, person);
        }
        finally
        {
            await population.Operator.DeleteIdentityAsync(person.Id, CancellationToken.None);
        }

        async Task<ZoneReply> StepAsync(HttpMethod method, string target, int expected, Person caller, JsonNode? json = null)
        {
            await Task.Delay(pause, cancellationToken);
            return await population.Client.SendAsync(
                method, target, expected, json, sessionToken: caller.SessionToken, cancellationToken: cancellationToken);
        }
    }
}
