using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;

namespace NovaId.Tests.Audit;

/// <summary>The log over several segments.</summary>
public sealed class SegmentTests(SegmentTests.FourSegments four) : IClassFixture<SegmentTests.FourSegments>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_segment_that_is_large_enough_is_closed_and_the_chain_goes_on_in_the_next()
    {
        using var storage = four.Storage.Copy();

        Assert.Equal([1, 2, 3, 4], storage.Segments());
        await storage.ExpectWholeAsync(four.Decisions);
        for (var number = 2; number <= 4; number++)
        {
            using var before = storage.OpenSegment(number - 1);
            using var segment = storage.OpenSegment(number);
            using var last = before.CreateCommand();
            last.CommandText = "SELECT hash FROM access_log ORDER BY id DESC LIMIT 1";
            using var first = segment.CreateCommand();
            first.CommandText = "SELECT previous FROM access_log ORDER BY id LIMIT 1";
            Assert.Equal((byte[])last.ExecuteScalar()!, (byte[])first.ExecuteScalar()!);
        }
    }

    [Fact]
    public async Task A_closed_segment_is_one_file_and_changes_no_more()
    {
        using var storage = new LogStorage();
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(LogSettings.SmallSegments), storage.Path);
        while (storage.Segments().Count == 1)
        {
            await LogStorage.WriteAsync(zone, 20);
            await zone.LogAsync();
        }

        await zone.LogAsync();
        Assert.Equal([1, 2], storage.Segments());
        var closed = await File.ReadAllBytesAsync(storage.Segment(1), Cancelled);

        await LogStorage.WriteAsync(zone, 20);
        await zone.LogAsync();

        Assert.Equal(closed, await File.ReadAllBytesAsync(storage.Segment(1), Cancelled));
    }

    [Fact]
    public async Task Lists_and_figures_reach_over_all_segments()
    {
        using var storage = four.Storage.Copy();
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(LogSettings.SmallSegments), storage.Path);
        var major = zone.Gateway.AddPerson("Major");

        var ids = new List<long>();
        string? token = null;
        do
        {
            using var response = await zone.GetAsync($"/api/logs?pageSize=70{(token is null ? "" : $"&pageToken={token}")}", major);
            var page = await ApiZone.ReadAsync(response, 200);
            ids.AddRange(page["items"]!.AsArray().Select(item => (long)item!["id"]!));
            token = (string?)page["nextPageToken"];
        }
        while (token is not null);

        Assert.Equal(Enumerable.Range(1, four.Decisions).Reverse().Select(id => (long)id), ids.Where(id => id <= four.Decisions));
        using var ofOne = await zone.GetAsync($"/api/logs?subject={four.FirstPerson}&pageSize=100", major);
        Assert.Equal(FourSegments.ByFirstPerson, (await ApiZone.ReadAsync(ofOne, 200))["items"]!.AsArray().Count);
        using var stats = await zone.GetAsync("/api/logs/stats", major);
        var figures = await ApiZone.ReadAsync(stats, 200);
        Assert.Equal(four.Decisions, (int)figures["byPath"]!["/api/me/"]!);
        Assert.True((int)figures["total"]! >= four.Decisions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_segment_that_is_gone_is_found(int number)
    {
        using var storage = four.Storage.Copy();
        var (first, last) = RangeOf(storage, number);
        File.Delete(storage.Segment(number));

        await storage.ExpectBrokenAsync(first, $"it is missing, as all are up to {last}");
    }

    [Fact]
    public async Task The_last_segment_gone_is_found_and_not_continued()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 4);
        File.Delete(storage.Segment(4));

        await storage.ExpectBrokenAsync(first, "the head file knows them");
        await TamperingTests.ExpectNoStartAsync(storage, "the head file knows record");
    }

    [Fact]
    public async Task The_last_segment_emptied_is_found_and_not_continued()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 4);
        await File.WriteAllBytesAsync(storage.Segment(4), [], Cancelled);

        await storage.ExpectBrokenAsync(first, "the head file knows them");
        await TamperingTests.ExpectNoStartAsync(storage, "the head file knows record");
    }

    [Fact]
    public async Task Segments_that_changed_places_are_found()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 2);
        File.Move(storage.Segment(2), storage.Path + "-aside");
        File.Move(storage.Segment(3), storage.Segment(2));
        File.Move(storage.Path + "-aside", storage.Segment(3));

        await storage.ExpectBrokenAsync(first, "the file of segment 2 holds segment 3");
    }

    [Fact]
    public async Task A_segment_that_is_there_twice_is_found()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 3);
        File.Copy(storage.Segment(2), storage.Segment(3), overwrite: true);

        await storage.ExpectBrokenAsync(first, "the file of segment 3 holds segment 2");
    }

    [Fact]
    public async Task A_closed_segment_that_was_cut_at_its_end_is_found()
    {
        using var storage = four.Storage.Copy();
        var (_, last) = RangeOf(storage, 2);
        storage.Tamper(2, $"DELETE FROM access_log WHERE id > {last - 3}");

        await storage.ExpectBrokenAsync(last - 2, $"up to {last}: the head of segment 2 knows them");
    }

    [Fact]
    public async Task A_record_changed_in_a_closed_segment_is_found()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 3);
        storage.Tamper(3, $"UPDATE access_log SET allowed = 0 WHERE id = {first + 7}");

        await storage.ExpectBrokenAsync(first + 7, "is not what was sealed");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_found()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 2);
        await File.WriteAllTextAsync(storage.Segment(2), new string('x', 5000), Cancelled);

        await storage.ExpectBrokenAsync(first, "segment 2 cannot be read");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("DELETE FROM access_log; DELETE FROM head")]
    public async Task A_segment_that_was_begun_and_no_more_when_the_process_ended_is_no_alarm_and_is_taken_up(string? made)
    {
        using var storage = four.Storage.Copy();
        if (made is null)
        {
            await File.WriteAllBytesAsync(storage.Segment(5), [], Cancelled);
        }
        else
        {
            using (var connection = storage.OpenSegment(5))
            {
                // As far as the journal and no further; or the tables of another one, without what they hold.
                LogStorage.Execute(connection, "PRAGMA journal_mode = WAL");
            }

            if (made.Length > 0)
            {
                File.Copy(storage.Segment(4), storage.Segment(5), overwrite: true);
                storage.Tamper(5, made);
            }
        }

        await storage.ExpectWholeAsync(four.Decisions);

        await storage.WriteAsync(3, LogSettings.SmallSegments);

        Assert.Equal([1, 2, 3, 4, 5], storage.Segments());
        await storage.ExpectWholeAsync(four.Decisions + 3);
    }

    [Fact]
    public async Task A_segment_that_is_old_enough_is_closed()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);

        await WriteLaterAsync(storage, 4, TimeSpan.FromDays(31));

        Assert.Equal([1, 2], storage.Segments());
        await storage.ExpectWholeAsync(9);
    }

    [Fact]
    public async Task Only_so_many_segments_are_kept_and_the_chain_says_what_was_removed()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(700, LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "2"));

        var kept = storage.Segments();
        Assert.Equal(2, kept.Count);
        Assert.True(kept[0] > 1);
        var (first, _) = RangeOf(storage, kept[0]);
        var (code, output, _) = await storage.VerifyAsync();
        Assert.True(code == 0, output);
        Assert.Contains($"records from {first} on, in 2 segments", output, StringComparison.Ordinal);
        using var connection = storage.OpenSegment(kept[1]);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT detail FROM access_log WHERE kind = 'retention' ORDER BY id DESC LIMIT 1";
        var detail = JsonNode.Parse((string)command.ExecuteScalar()!)!;
        Assert.Equal(first, (long)detail["completeFrom"]!);
        Assert.Equal([kept[0] - 1], detail["segments"]!.AsArray().Select(segment => (int)segment!));
    }

    [Fact]
    public async Task What_is_too_old_is_removed_in_whole_segments_at_the_next_start()
    {
        using var storage = four.Storage.Copy();
        var (first, _) = RangeOf(storage, 4);

        await WriteLaterAsync(storage, 2, TimeSpan.FromDays(400), ("AccessLog:Retention", "365.00:00:00"));

        // The open one was not closed yet when the others were removed.
        Assert.Equal([4, 5], storage.Segments());
        var (code, output, _) = await storage.VerifyAsync();
        Assert.True(code == 0, output);
        Assert.Contains($"records from {first} on", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_retention_did_not_remove_is_missed_also_after_it_removed_something()
    {
        using var storage = four.Storage.Copy();
        await storage.WriteAsync(1, LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "3"));
        Assert.Equal([2, 3, 4], storage.Segments());
        var (first, last) = RangeOf(storage, 2);
        File.Delete(storage.Segment(2));

        await storage.ExpectBrokenAsync(first, $"up to {last}, and not by retention");
    }

    [Fact]
    public async Task What_the_chain_says_was_removed_is_removed_also_if_the_process_ended_before_it()
    {
        using var storage = four.Storage.Copy();
        var removed = await File.ReadAllBytesAsync(storage.Segment(1), Cancelled);
        await storage.WriteAsync(1, LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "3"));
        await File.WriteAllBytesAsync(storage.Segment(1), removed, Cancelled);
        Assert.Equal(0, (await storage.VerifyAsync()).Code);

        await storage.WriteAsync(1, LogSettings.SmallSegments);

        Assert.Equal([2, 3, 4], storage.Segments());
        Assert.Equal(0, (await storage.VerifyAsync()).Code);
    }

    [Fact]
    public async Task A_log_in_memory_is_divided_and_bounded_too()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "2")));
        await LogStorage.WriteAsync(zone, 600);

        var verification = await zone.Services.GetRequiredService<VerificationQueue>().RunAsync(Cancelled);

        Assert.True(verification.Valid, verification.FirstBroken?.Problem);
        Assert.Equal(2, verification.Segments);
        Assert.True(verification.CompleteFrom > 1);
        Assert.InRange(verification.Records, 10, 590);
    }

    internal static (long First, long Last) RangeOf(LogStorage storage, int number)
    {
        using var connection = storage.OpenSegment(number);
        return (LogStorage.Scalar(connection, "SELECT min(id) FROM access_log"), LogStorage.Scalar(connection, "SELECT max(id) FROM access_log"));
    }

    private static async Task WriteLaterAsync(LogStorage storage, int decisions, TimeSpan later, params (string Key, string Value)[] settings)
    {
        await using var zone = await ApiZone.StartAsync(
            builder =>
            {
                LogSettings.Of(settings)(builder);
                builder.Services.AddSingleton<TimeProvider>(new LaterTime(later));
            },
            storage.Path);
        var person = zone.Gateway.AddPerson();
        for (var number = 0; number < decisions; number++)
        {
            var claims = zone.Gateway.SessionClaims(person.ToString());
            claims["nbf"] = DateTimeOffset.UtcNow.Add(later).ToUnixTimeSeconds();
            claims["exp"] = DateTimeOffset.UtcNow.Add(later).AddMinutes(2).ToUnixTimeSeconds();
            (await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims))).Dispose();
        }

        await zone.StopAsync();
    }

    private sealed class LaterTime(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
    }

    public sealed class FourSegments : IAsyncLifetime
    {
        public const int ByFirstPerson = 60;

        internal LogStorage Storage { get; } = new();

        internal Guid FirstPerson { get; private set; }

        /// <summary>How many decisions it took to begin the fourth segment.</summary>
        internal int Decisions { get; private set; }

        public async ValueTask InitializeAsync()
        {
            await using var zone = await ApiZone.StartAsync(LogSettings.Of(LogSettings.SmallSegments), Storage.Path);
            FirstPerson = zone.Gateway.AddPerson();
            for (var number = 0; number < ByFirstPerson; number++)
            {
                (await zone.GetAsync("/api/me", FirstPerson)).Dispose();
            }

            for (Decisions = ByFirstPerson; Storage.Segments().Count < 4; Decisions += 20)
            {
                await LogStorage.WriteAsync(zone, 20);
                await zone.LogAsync();
            }

            await zone.StopAsync();
        }

        public ValueTask DisposeAsync()
        {
            Storage.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
