namespace NovaId.Contract.Api;

/// <summary>The API keys of everyone, for whoever manages them.</summary>
public abstract class AllKeysContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Whoever_manages_keys_sees_everyones_with_their_owners()
    {
        var (general, person) = (await SharedPersonAsync("General"), await NewPersonAsync());
        var made = (await person.Caller.PostAsync("/api/keys", new { name = "Backup", scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() })).Expect(201);

        var found = new Dictionary<string, string?>();
        string? token = null;
        do
        {
            var page = (await general.Caller.GetAsync("/api/keys/all?pageSize=50" + (token is null ? "" : $"&pageToken={token}"))).Expect(200);
            Assert.DoesNotContain(made["clientSecret"].GetString()!, page.Body, StringComparison.Ordinal);
            foreach (var key in page["items"].EnumerateArray())
            {
                found.Add(key.GetProperty("id").GetString()!, key.GetProperty("ownerEmail").GetString());
            }

            token = page["nextPageToken"].GetString();
        }
        while (token is not null);

        Assert.Equal(person.Email, found[made["id"].GetString()!]);
        Assert.All(found.Keys, id => Assert.StartsWith("key-", id, StringComparison.Ordinal));
        (await person.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);
    }

    [Fact]
    public async Task Nobody_else_sees_the_keys_of_others() =>
        (await (await SharedPersonAsync("Colonel")).Caller.GetAsync("/api/keys/all")).ExpectProblem(403);
}
