using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NovaId.Tests.Storage;

namespace NovaId.Tests.Api;

/// <summary>On each storage.</summary>
public abstract class VersionTests(TestStorage storage)
{
    [Fact]
    public async Task Where_it_is_set_so_a_change_must_say_which_version_it_was_made_from()
    {
        await using var zone = await storage.StartAsync(RequireIfMatch);
        var person = zone.Gateway.AddPerson();
        var id = await zone.AddDocumentAsync(person);
        var path = $"/api/documents/{id}";
        zone.Gateway.ForgetCalls();

        foreach (var (method, target, body) in ((HttpMethod, string, string?)[])
            [
                (HttpMethod.Put, path, """{"title":"a","content":"b"}"""),
                (HttpMethod.Put, $"{path}/sharing", """{"editors":[],"viewers":[]}"""),
                (HttpMethod.Delete, path, null),
            ])
        {
            using var refused = await zone.SendAsync(method, target, person, body);
            await ApiZone.AssertStatusAsync(refused, 428);
        }

        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
        using var read = await zone.GetAsync(path, person);
        await ApiZone.AssertStatusAsync(read, 200);
        using var changed = await zone.SendAsync(
            HttpMethod.Put,
            path,
            zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString())),
            """{"title":"a","content":"b"}""",
            request => request.Headers.IfMatch.Add(read.Headers.ETag!));
        await ApiZone.AssertStatusAsync(changed, 200);
    }

    [Fact]
    public async Task A_document_has_another_version_with_every_change_though_the_clock_stands_still()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await storage.StartAsync(builder =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(builder.Services, time));
        var person = zone.Gateway.AddPerson();
        var path = $"/api/documents/{await zone.AddDocumentAsync(person)}";
        var tags = new HashSet<string>();
        for (var count = 0; count < 5; count++)
        {
            using var changed = await zone.SendAsync(HttpMethod.Put, path, person, """{"title":"a","content":"b"}""");
            await ApiZone.AssertStatusAsync(changed, 200);
            Assert.True(tags.Add(changed.Headers.ETag!.Tag));
        }
    }

    private static void RequireIfMatch(WebApplicationBuilder builder) =>
        builder.Configuration.AddInMemoryCollection([new("Versions:RequireIfMatch", "true")]);

    public sealed class OnSqlite() : VersionTests(TestStorage.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : VersionTests(TestStorage.Postgres(server));
}
