using System.Collections.Concurrent;

namespace NovaId.Contract.Faults;

/// <summary>One of several instances of the API is killed with fifty callers at work: what it was answering is lost, and nothing else.</summary>
public abstract class InstanceCrashContract(IZone zone) : ZoneContract(zone)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Long enough for the balancer's first request that does not reach the one that is gone, and for each caller's next ones.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task An_instance_that_is_killed_takes_nothing_with_it_but_what_it_was_answering()
    {
        Assert.SkipUnless(Zone.Faults is { ApiInstances: > 1 }, $"This zone has one instance of the API ({Zone.Kind}).");
        var cancelled = TestContext.Current.CancellationToken;
        var crowd = await Crowd.ForAsync(Zone);
        var atWork = Zone.Faults!.ApiInstances;
        var start = DateTimeOffset.UtcNow;
        var documents = new ConcurrentQueue<string>();
        using var stopped = new CancellationTokenSource();
        var work = crowd.WorkAsync(AnswerLimit, stopped.Token);
        var making = MakeDocumentsAsync();
        await Task.Delay(Before, cancelled);

        var begin = DateTimeOffset.UtcNow;
        await Zone.Faults.KillInstanceAsync();
        var gone = DateTimeOffset.UtcNow;
        await Task.Delay(Afterwards, cancelled);
        await stopped.CancelAsync();
        await making;
        var results = await work;

        Assert.Empty(results.Where(result => result is { Reply.Status: < 400, IsAsItShould: false }));
        Assert.Equal(atWork - 1, Zone.Faults.ApiInstances);
        foreach (var document in documents)
        {
            (await crowd.Owner.GetAsync($"/api/documents/{document}")).Expect(200);
        }

        Assert.True((await crowd.General.GetAsync("/api/logs/verify")).Expect(200)["valid"].GetBoolean());
        CallResult[] lost = [.. results.Where(result => !result.IsAsItShould)];
        TestContext.Current.TestOutputHelper!.WriteLine($"{lost.Length} of {results.Count} answers were lost; {documents.Count} documents were made.");
        // What was under way when it was killed, and what the balancer sent before it knew.
        if (lost.Any(result => result.End < begin || result.Start > gone + AnswerLimit))
        {
            Pace.Of(Zone.Gateway).SkipIfTooSlow(start, string.Join("; ", lost.AsEnumerable()));
            Assert.Fail(string.Join("; ", lost.AsEnumerable()));
        }

        async Task MakeDocumentsAsync()
        {
            while (!stopped.IsCancellationRequested)
            {
                var call = new CrowdCall(
                    "an owner makes a document", Credential.Session, crowd.Owner, HttpMethod.Post, "/api/documents", 201,
                    new { title = "of an instance", content = "" });
                if (await Crowd.SendAsync(call, AnswerLimit) is { Reply: { Status: 201 } reply })
                {
                    documents.Enqueue(reply["id"].GetString()!);
                }

                await Task.Delay(50, CancellationToken.None);
            }
        }
    }
}
