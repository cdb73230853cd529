using System.Globalization;
using System.Net.Http.Headers;
using NovaId.Emulator.Network;
using NovaId.Tests.Api;

namespace NovaId.Tests.Audit;

/// <summary>The program itself: killed while it writes, and asked on the command line.</summary>
public sealed class ProcessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_makes_no_false_alarm()
    {
        using var storage = new LogStorage();
        await using var gateway = await TestGateway.StartAsync();
        var person = gateway.AddPerson();
        var answered = 0;
        for (var round = 1; round <= 3; round++)
        {
            await using var api = await ApiProcess.StartAsync(
                LoopbackPorts.Take(1).Single(),
                Cancelled,
                ("Gateway__Address", gateway.Issuer),
                ("Gateway__ClientSecret", TestGateway.ClientSecret),
                ("Storage__Path", storage.Path),
                ("AccessLog__SegmentBytes", "65536"),
                ("Limits__CallerPerSecond", "100000"),
                ("Limits__CallerBurst", "100000"));
            var token = gateway.Sign(gateway.SessionClaims(person.ToString()));
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(
                async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
                        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                        try
                        {
                            (await api.Http.SendAsync(request, stop.Token)).Dispose();
                            Interlocked.Increment(ref answered);
                        }
                        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                        {
                            return;
                        }
                    }
                },
                Cancelled)).ToList();
            var goal = answered + 200;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            while (Volatile.Read(ref answered) < goal)
            {
                await Task.Delay(10, limit.Token);
            }

            await api.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(callers);
            await storage.ExpectWholeAsync();
        }

        var (_, output, _) = await storage.VerifyAsync();
        var written = long.Parse(output.Split("Head: ")[1].Split(':')[0], CultureInfo.InvariantCulture);

        // What was answered in the last moment may be lost with the process; it was answered, but not yet written.
        Assert.InRange(written, answered - (3 * 256), answered + (3 * 8));
        await storage.WriteAsync(1, LogSettings.SmallSegments);
        await storage.ExpectWholeAsync(written + 1);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_done_in_a_segment_is_undone_before_it_is_read()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(200);
        using var writer = storage.OpenSegment(1);
        LogStorage.Execute(writer, "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; DROP TRIGGER access_log_update");
        LogStorage.Execute(writer, "BEGIN; UPDATE access_log SET reason = reason || hex(randomblob(200))");

        // The files as they are now are those of a process that ended here: pages of the transaction, and the journal that takes them back.
        using var left = storage.Copy();
        Assert.True(File.Exists(left.Segment(1) + "-journal"));

        await left.ExpectWholeAsync(200);
        await left.WriteAsync(1);
        await left.ExpectWholeAsync(201);
    }

    [Fact]
    public async Task The_command_says_by_its_exit_code_what_it_found()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(4);

        var whole = await ApiProcess.RunAsync(["verify-log", "--storage", storage.Path], Cancelled);
        Assert.Equal((0, ""), (whole.Code, whole.Errors));
        Assert.StartsWith("The access log is whole: 4 records from 1 on, in 1 segments.\nHead: 4:", whole.Output, StringComparison.Ordinal);

        var byEnvironment = await ApiProcess.RunAsync(["verify-log"], Cancelled, ("Storage__Path", storage.Path));
        Assert.Equal(whole, byEnvironment);

        storage.Tamper(1, "UPDATE access_log SET reason = '' WHERE id = 2");
        var broken = await ApiProcess.RunAsync(["verify-log", "--storage", storage.Path], Cancelled);
        Assert.Equal((1, ""), (broken.Code, broken.Errors));
        Assert.StartsWith("The access log is broken at record 2: it is not what was sealed", broken.Output, StringComparison.Ordinal);

        foreach (var arguments in (string[][])[["--storage", storage.Path + "x"], ["--storage", "/no/such/folder/novaid.db"], ["--no-such-option"], [], ["--known-head", "5"]])
        {
            var unknown = await ApiProcess.RunAsync(["verify-log", .. arguments], Cancelled);
            Assert.Equal(2, unknown.Code);
            Assert.NotEqual("", unknown.Errors);
            Assert.DoesNotContain("   at ", unknown.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_command_changes_nothing()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(4);
        var before = Contents();

        await storage.ExpectWholeAsync(4);

        Assert.Equal(before, Contents());

        // SQLite keeps an empty log and an index beside a database that is read.
        Dictionary<string, string> Contents() => storage.Files()
            .Where(file => !file.Name.EndsWith("-wal", StringComparison.Ordinal) && !file.Name.EndsWith("-shm", StringComparison.Ordinal))
            .ToDictionary(file => file.Name, file => Convert.ToHexString(File.ReadAllBytes(file.FullName)));
    }
}
